using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>What a pass over a whole input file found.</summary>
/// <param name="Items">Number of items.</param>
/// <param name="ItemErrors">Number of items with an error of their own.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, in lower-case hexadecimal.</param>
/// <param name="Problems">The problems: the first 20, and one that counts the rest; empty where the file can be used.</param>
public sealed record InputCheck(long Items, long ItemErrors, long Bytes, string Sha256, IReadOnlyList<Problem> Problems);

/// <summary>What an input file is read for: it decides which fields its lines must have.</summary>
public enum InputUse
{
    /// <summary>Items to generate for: `id`, and `source` or `promptIds`; `target` and `length` may be there.</summary>
    Sample,

    /// <summary>Training pairs: `id`, and `source` and `target`, texts, or `promptIds` and `targetIds`.</summary>
    Pairs,

    /// <summary>Texts to train on: `id`, and `source` or `target` or both, or ids in their place.</summary>
    Texts,

    /// <summary>References: `id` and `target`, a text or a list of texts, or `targetIds` for metrics of token ids.</summary>
    References,
}
