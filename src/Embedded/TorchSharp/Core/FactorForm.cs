namespace TorchSharp.Core;

/// <summary>How a matrix of <paramref name="K"/> x <paramref name="N"/> floats lies in its buffer: where it begins, the elements between rows as stored, and whether what is stored is the transpose.</summary>
internal readonly record struct FactorForm(long Offset, int K, int N, long Leading, bool Transposed);
