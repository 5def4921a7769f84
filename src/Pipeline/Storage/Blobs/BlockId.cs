namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>Which ids staged blocks may have: what is at once a file's name and, padded, Azure's equally long ids.</summary>
internal static class BlockId
{
    /// <summary>The longest id; Azure's are padded to it, since all blocks of a blob must have ids of one length.</summary>
    public const int MaxLength = 64;

    /// <summary>Refuses an id that can't be used.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or holds something else than letters, digits and "-".</exception>
    public static void Demand(string block)
    {
        if (block.Length is 0 or > MaxLength || !block.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw new ArgumentException($"\"{block}\" can't be a block's id: it takes 1 to {MaxLength} ASCII letters, digits and \"-\".", nameof(block));
    }
}
