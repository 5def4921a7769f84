namespace TorchSharp.Random;

/// <summary>
/// Philox-4x32 with 10 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a block of four
/// 32-bit words that depends on nothing but a key and a counter.
/// </summary>
internal static class Philox
{
    /// <summary>The four words for a seed and the number of the block.</summary>
    public static (uint X, uint Y, uint Z, uint W) Block(ulong seed, ulong block)
    {
        uint x = (uint)block, y = (uint)(block >> 32), z = 0, w = 0;
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong a = 0xD2511F53UL * x, b = 0xCD9E8D57UL * z;
            (x, y, z, w) = ((uint)(b >> 32) ^ y ^ k0, (uint)b, (uint)(a >> 32) ^ w ^ k1, (uint)a);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return (x, y, z, w);
    }

    /// <summary>Word <paramref name="i"/> of the stream: a quarter of block i / 4.</summary>
    public static uint Word(ulong seed, ulong i)
    {
        (uint x, uint y, uint z, uint w) = Block(seed, i >> 2);
        return (i & 3) switch { 0 => x, 1 => y, 2 => z, _ => w };
    }

    /// <summary>64 bits, draw <paramref name="i"/>: half of block i / 2.</summary>
    public static ulong Long(ulong seed, ulong i)
    {
        (uint x, uint y, uint z, uint w) = Block(seed, i >> 1);
        return (i & 1) == 0 ? ((ulong)y << 32) | x : ((ulong)w << 32) | z;
    }
}
