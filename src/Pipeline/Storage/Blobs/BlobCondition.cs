namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>What must hold for a write to happen: nothing, that the blob is new, or that it is as it was read.</summary>
public readonly record struct BlobCondition
{
    BlobCondition(bool absent, string? tag) => (IsAbsent, Tag) = (absent, tag);

    /// <summary>Writes whatever is there.</summary>
    public static BlobCondition None => default;

    /// <summary>Creates once: the write happens only where there is no such blob (If-None-Match: *).</summary>
    public static BlobCondition Absent => new(true, null);

    /// <summary>True for <see cref="Absent"/>.</summary>
    public bool IsAbsent { get; }

    /// <summary>The entity tag that the blob must have, or null.</summary>
    public string? Tag { get; }

    /// <summary>Compares and swaps: the write happens only while the blob has that tag (If-Match).</summary>
    public static BlobCondition Matches(string tag) => new(false, tag);
}
