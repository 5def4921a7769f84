using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>What a pass over a whole input file found.</summary>
/// <param name="Items">Number of items.</param>
/// <param name="ItemErrors">Number of items with an error of their own.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, in lower-case hexadecimal.</param>
/// <param name="Problems">The problems: the first 20, and one that counts the rest; empty where the file can be used.</param>
public sealed record InputCheck(long Items, long ItemErrors, long Bytes, string Sha256, IReadOnlyList<Problem> Problems);
