using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>
/// Philox 4x32-10 (Salmon et al. 2011): random words as a function of (seed, offset, index). Block b of 32 words comes
/// from the eight counters (8 b + lane, offset): words 0 to 7 are their first words, 8 to 15 their second, and so on.
/// </summary>
internal static unsafe class Philox
{
    /// <summary>Words in a block.</summary>
    internal const int BlockSize = 32;

    private const uint M0 = 0xD2511F53;
    private const uint M1 = 0xCD9E8D57;
    private const uint W0 = 0x9E3779B9;
    private const uint W1 = 0xBB67AE85;

    /// <summary>Writes the 32 words of block <paramref name="block"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Words(ulong seed, ulong offset, ulong block, uint* words)
    {
        // One counter to a 64-bit lane; only the low halves matter until the end.
        var low = Vector512.Create(block * 8) + Vector512<ulong>.Indices;
        var c0 = low;
        var c1 = low >>> 32;
        var c2 = Vector512.Create(offset & 0xFFFFFFFF);
        var c3 = Vector512.Create(offset >> 32);
        uint k0 = (uint)seed;
        uint k1 = (uint)(seed >> 32);
        var m0 = Vector512.Create((ulong)M0);
        var m1 = Vector512.Create((ulong)M1);
        for (int round = 0; round < 10; round++)
        {
            var p0 = Product(c0, m0);
            var p1 = Product(c2, m1);
            c0 = (p1 >>> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c2 = (p0 >>> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c1 = p1;
            c3 = p0;
            k0 += W0;
            k1 += W1;
        }

        Vector512.Narrow(c0, c1).Store(words);
        Vector512.Narrow(c2, c3).Store(words + 16);
    }

    /// <summary>32 uniform floats in [0, 1): the upper 24 bits of each word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Uniform(ulong seed, ulong offset, ulong block, float* values)
    {
        Words(seed, offset, block, (uint*)values);
        var first = Vector512.Load((uint*)values) >>> 8;
        var second = Vector512.Load((uint*)values + 16) >>> 8;
        (Vector512.ConvertToSingle(first.AsInt32()) * Vector512.Create(1f / 16777216f)).Store(values);
        (Vector512.ConvertToSingle(second.AsInt32()) * Vector512.Create(1f / 16777216f)).Store(values + 16);
    }

    // The product of the low halves; the high halves are ignored.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, Vector512<ulong> b)
    {
        if (Avx512F.IsSupported)
            return Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());
        if (Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.Multiply(a.GetLower().AsUInt32(), b.GetLower().AsUInt32()),
                Avx2.Multiply(a.GetUpper().AsUInt32(), b.GetUpper().AsUInt32()));
        }

        return (a & Vector512.Create(0xFFFFFFFFul)) * (b & Vector512.Create(0xFFFFFFFFul));
    }
}
