namespace TorchSharp.Kernels;

/// <summary>The sizes of one attention call, and the dropout on its probabilities (0: none).</summary>
internal readonly record struct AttentionShape(int Batch, int Heads, int Queries, int Keys, int Dim, float Scale, float Dropout = 0f, ulong Seed = 0, ulong Offset = 0)
{
    /// <summary>Rows of scores that a thread holds at a time.</summary>
    internal const int TileRows = 64;

    /// <summary>The scale of Vaswani et al. 2017: 1 / sqrt(dim).</summary>
    internal static float DefaultScale(int dim) => 1f / MathF.Sqrt(dim);

    /// <summary>The index of a query's row of scores among all.</summary>
    internal long RowIndex(int batch, int head, int query) => ((((long)batch * Heads) + head) * Queries) + query;

    private const int KeyBits = 16, QueryBits = 20, HeadBits = 7, BatchBits = 18;

    /// <summary>Requires that every probability has a random number of its own.</summary>
    /// <exception cref="ArgumentException">There are more keys, queries, heads or rows than dropout tells apart.</exception>
    internal void CheckDropout()
    {
        Check(Keys, (long)Philox.BlockSize << KeyBits, "keys");
        Check(Queries, 1L << QueryBits, "queries");
        Check(Heads, 1L << HeadBits, "heads");
        Check(Batch, 1L << BatchBits, "rows of a batch");

        static void Check(long count, long most, string what)
        {
            if (count > most)
                throw new ArgumentException($"scaled_dot_product_attention: dropout (p > 0) is for at most {most} {what}, but got {count}");
        }
    }

    /// <summary>The first of a query's blocks of random numbers: batch, head, query and block of keys have bits of their own.</summary>
    internal ulong DropBlock(int batch, int head, int query) =>
        ((ulong)(uint)batch << (KeyBits + QueryBits + HeadBits)) + ((ulong)(uint)head << (KeyBits + QueryBits)) + ((ulong)(uint)query << KeyBits);
}
