using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>Lists of tokens by their content.</summary>
internal sealed class SameTokens : IEqualityComparer<int[]>
{
    /// <summary>The one there is.</summary>
    public static SameTokens Comparer { get; } = new();

    /// <inheritdoc/>
    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    /// <inheritdoc/>
    public int GetHashCode(int[] obj) => (int)StableHash.Of(obj.AsSpan());
}
