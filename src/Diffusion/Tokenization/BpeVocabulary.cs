namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>The content of a byte-level BPE folder.</summary>
/// <param name="Ids">Tokens, as the files write them, with their ids; those of <c>vocab.json</c>.</param>
/// <param name="Merges">"left right", the first to be merged first.</param>
/// <param name="Specials">The special tokens' names; null where there is none.</param>
/// <param name="AddPrefixSpace">Whether a space is put before every text.</param>
internal sealed record BpeVocabulary(
    IReadOnlyDictionary<string, int> Ids, IReadOnlyList<string> Merges, SpecialNames Specials, bool AddPrefixSpace);

/// <summary>Names of the special tokens; null where there is none.</summary>
internal sealed record SpecialNames(string? Bos, string? Pad, string? Eos, string? Unk, string? Mask)
{
    /// <summary>RoBERTa's.</summary>
    public static SpecialNames Roberta { get; } = new("<s>", "<pad>", "</s>", "<unk>", "<mask>");

    /// <summary>Their ids; -1 where a name is null or not in the vocabulary.</summary>
    /// <param name="idOf">A token's id, or -1.</param>
    public SpecialTokens Resolve(Func<string, int> idOf)
    {
        return new SpecialTokens(Id(Bos), Id(Pad), Id(Eos), Id(Unk), Id(Mask));
        int Id(string? name) => name is null ? -1 : idOf(name);
    }
}
