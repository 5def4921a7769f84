namespace TorchSharp.Core;

/// <summary>Sorts numbers by their upper halves, equals in the order in which they stand: digit by digit from the lowest.</summary>
internal static unsafe class RadixSort
{
    const int Bits = 8, Buckets = 1 << Bits, Digits = 4;

    /// <summary>Below this many, comparing is faster.</summary>
    const int Few = 96;

    /// <summary>Sorts <paramref name="n"/> keys; those whose lower halves are their places come out in one order whichever way is taken.</summary>
    /// <param name="keys">The numbers; sorted afterwards.</param>
    /// <param name="spare">Room for as many.</param>
    /// <param name="n">How many.</param>
    public static void Run(ulong* keys, ulong* spare, int n)
    {
        if (n <= Few)
        {
            new Span<ulong>(keys, n).Sort();
            return;
        }
        int* counts = stackalloc int[Digits * Buckets];
        new Span<int>(counts, Digits * Buckets).Clear();
        for (int i = 0; i < n; i++)
        {
            ulong key = keys[i];
            for (int d = 0; d < Digits; d++) counts[d * Buckets + (int)(key >> (32 + d * Bits) & (Buckets - 1))]++;
        }
        ulong* from = keys, to = spare;
        for (int d = 0; d < Digits; d++)
        {
            int* ends = counts + d * Buckets;
            int shift = 32 + d * Bits;
            if (ends[(int)(from[0] >> shift & (Buckets - 1))] == n) continue; // one digit for all
            for (int b = 0, sum = 0; b < Buckets; b++)
            {
                int count = ends[b];
                ends[b] = sum;
                sum += count;
            }
            for (int i = 0; i < n; i++) to[ends[(int)(from[i] >> shift & (Buckets - 1))]++] = from[i];
            ulong* sorted = to;
            to = from;
            from = sorted;
        }
        if (from != keys) new Span<ulong>(from, n).CopyTo(new Span<ulong>(keys, n));
    }
}
