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

    private const int Rounds = 10;
    private const float Unit = 1f / 16777216f;
    private const uint M0 = 0xD2511F53;
    private const uint M1 = 0xCD9E8D57;
    private const uint W0 = 0x9E3779B9;
    private const uint W1 = 0xBB67AE85;

    /// <summary>Writes the 32 words of block <paramref name="block"/>.</summary>
    internal static void Words(ulong seed, ulong offset, ulong block, uint* words)
    {
        uint* keys = stackalloc uint[2 * Rounds];
        Schedule(seed, keys);
        if (Avx2.IsSupported && !Avx512F.IsSupported)
            Words256(keys, offset, block, words);
        else
            Words512(keys, offset, block, words);
    }

    /// <summary>32 uniform floats in [0, 1) for each of <paramref name="blocks"/> blocks from <paramref name="block"/> on: the upper 24 bits of each word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Uniform(ulong seed, ulong offset, ulong block, int blocks, float* values)
    {
        uint* keys = stackalloc uint[2 * Rounds];
        Schedule(seed, keys);
        for (int b = 0; b < blocks; b++, values += BlockSize)
        {
            if (Avx2.IsSupported && !Avx512F.IsSupported)
            {
                Words256(keys, offset, block + (ulong)b, (uint*)values);
                for (int i = 0; i < BlockSize; i += 8)
                    (Vector256.ConvertToSingle((Vector256.Load((uint*)values + i) >>> 8).AsInt32()) * Vector256.Create(Unit)).Store(values + i);
            }
            else
            {
                Words512(keys, offset, block + (ulong)b, (uint*)values);
                for (int i = 0; i < BlockSize; i += 16)
                    (Vector512.ConvertToSingle((Vector512.Load((uint*)values + i) >>> 8).AsInt32()) * Vector512.Create(Unit)).Store(values + i);
            }
        }
    }

    // The rounds' keys in turn.
    private static void Schedule(ulong seed, uint* keys)
    {
        for (uint round = 0; round < Rounds; round++)
        {
            keys[2 * round] = (uint)seed + (round * W0);
            keys[(2 * round) + 1] = (uint)(seed >> 32) + (round * W1);
        }
    }

    // One counter to a 64-bit lane; only the low halves matter until the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Words512(uint* keys, ulong offset, ulong block, uint* words)
    {
        var c0 = Vector512.Create(block * 8) + Vector512<ulong>.Indices;
        var c1 = c0 >>> 32;
        var c2 = Vector512.Create(offset & 0xFFFFFFFF);
        var c3 = Vector512.Create(offset >> 32);
        var m0 = Vector512.Create((ulong)M0);
        var m1 = Vector512.Create((ulong)M1);
        for (int round = 0; round < 2 * Rounds; round += 2)
        {
            var p0 = Product(c0, m0);
            var p1 = Product(c2, m1);
            c0 = (p1 >>> 32) ^ c1 ^ Vector512.Create((ulong)keys[round]);
            c2 = (p0 >>> 32) ^ c3 ^ Vector512.Create((ulong)keys[round + 1]);
            c1 = p1;
            c3 = p0;
        }

        Vector512.Narrow(c0, c1).Store(words);
        Vector512.Narrow(c2, c3).Store(words + 16);
    }

    // The same with four counters to a register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Words256(uint* keys, ulong offset, ulong block, uint* words)
    {
        var a0 = Vector256.Create(block * 8) + Vector256<ulong>.Indices;
        var b0 = a0 + Vector256.Create(4UL);
        var a1 = a0 >>> 32;
        var b1 = b0 >>> 32;
        var a2 = Vector256.Create(offset & 0xFFFFFFFF);
        var a3 = Vector256.Create(offset >> 32);
        var b2 = a2;
        var b3 = a3;
        var m0 = Vector256.Create((ulong)M0).AsUInt32();
        var m1 = Vector256.Create((ulong)M1).AsUInt32();
        for (int round = 0; round < 2 * Rounds; round += 2)
        {
            var k0 = Vector256.Create(keys[round]).AsUInt64();
            var k1 = Vector256.Create(keys[round + 1]).AsUInt64();
            var ap0 = Avx2.Multiply(a0.AsUInt32(), m0);
            var bp0 = Avx2.Multiply(b0.AsUInt32(), m0);
            var ap1 = Avx2.Multiply(a2.AsUInt32(), m1);
            var bp1 = Avx2.Multiply(b2.AsUInt32(), m1);
            a0 = (ap1 >>> 32) ^ (a1 ^ k0);
            b0 = (bp1 >>> 32) ^ (b1 ^ k0);
            a2 = (ap0 >>> 32) ^ (a3 ^ k1);
            b2 = (bp0 >>> 32) ^ (b3 ^ k1);
            a1 = ap1;
            b1 = bp1;
            a3 = ap0;
            b3 = bp0;
        }

        Low(a0, b0).Store(words);
        Low(a1, b1).Store(words + 8);
        Low(a2, b2).Store(words + 16);
        Low(a3, b3).Store(words + 24);
    }

    // The low halves of eight lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Low(Vector256<ulong> a, Vector256<ulong> b) =>
        Avx2.Permute4x64(Avx.Shuffle(a.AsSingle(), b.AsSingle(), 0b10_00_10_00).AsUInt64(), 0b11_01_10_00).AsUInt32();

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
