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

    /// <summary>The first of a query's blocks of random numbers: 2^16 blocks of keys, 2^20 queries, 2^7 heads, 2^18 rows have their own.</summary>
    internal ulong DropBlock(int batch, int head, int query) => ((ulong)(uint)batch << 43) + ((ulong)(uint)head << 36) + ((ulong)(uint)query << 16);
}
