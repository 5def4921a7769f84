using static TorchSharp.torch;

namespace DiffusionBatch.Bench;

/// <summary>
/// Inputs that both sides make alike: element i of seed s is 24 bits of (i + 1000003 s) * 2654435761 mod 2^32, a sequence
/// that repeats no value in a row.
/// </summary>
internal static class OpInput
{
    /// <summary>Values in [-0.5, 0.5).</summary>
    internal static Tensor Floats(int seed, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (long i = 0; i < values.Length; i++)
            values[i] = ((Bits(seed, i) >> 8) / 16777216f) - 0.5f;
        return tensor(values, shape);
    }

    /// <summary>Values from 0 to below <paramref name="bound"/>.</summary>
    internal static Tensor Integers(int seed, long bound, params long[] shape)
    {
        var values = new long[shape.Aggregate(1L, (a, b) => a * b)];
        for (long i = 0; i < values.Length; i++)
            values[i] = (Bits(seed, i) >> 8) % bound;
        return tensor(values, shape);
    }

    private static uint Bits(int seed, long i) => (uint)((ulong)(i + (1000003L * seed)) * 2654435761UL);
}
