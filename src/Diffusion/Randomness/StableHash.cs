using System.Numerics;

namespace DiffusionBatch.Diffusion.Randomness;

/// <summary>
/// 64-bit hashes that are the same in every process, on every machine and in every release
/// (unlike <see cref="string.GetHashCode()"/>): they name random streams and canvases.
/// </summary>
public static class StableHash
{
    internal const ulong First = 0xbf58476d1ce4e5b9, Second = 0x94d049bb133111eb;
    const ulong OffsetBasis = 0xcbf29ce484222325, Prime = 0x100000001b3;

    /// <summary>FNV-1a over the UTF-16 code units of <paramref name="text"/>, low byte first, then <see cref="Mix(ulong)"/>.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        ulong h = OffsetBasis;
        foreach (char c in text)
        {
            h = (h ^ (byte)c) * Prime;
            h = (h ^ (byte)(c >> 8)) * Prime;
        }
        return Mix(h);
    }

    /// <summary>The hash of a row of token ids, their number included.</summary>
    public static ulong Of(ReadOnlySpan<int> ids)
    {
        ulong h = Mix((ulong)ids.Length + 1);
        foreach (int id in ids) h = Mix(h ^ ((ulong)(uint)id + 0x9e3779b97f4a7c15));
        return h;
    }

    /// <summary>
    /// A bijection of 64-bit words in which each input bit changes each output bit with probability near one half (SplitMix64's finaliser).
    /// </summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * First;
        x = (x ^ (x >> 27)) * Second;
        return x ^ (x >> 31);
    }

    /// <summary><see cref="Mix(ulong)"/> of each word.</summary>
    public static Vector<ulong> Mix(Vector<ulong> x)
    {
        x = (x ^ (x >>> 30)) * First;
        x = (x ^ (x >>> 27)) * Second;
        return x ^ (x >>> 31);
    }
}
