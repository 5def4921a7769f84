using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Items are (batch, head); tiles of queries in order, so that the sums over queries keep theirs.</summary>
internal unsafe struct AttentionBackward(AttentionShape shape, HeadView q, HeadView k, HeadView v, MaskView mask, float* lse, HeadView dO, HeadView dq, HeadView dk, HeadView dv) : IKernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<T>(long begin, long end)
        where T : unmanaged, ILanes<T>
    {
        int keys = shape.Keys;
        long tile = (long)Math.Min(shape.Queries, AttentionShape.TileRows) * keys;
        bool drops = shape.Dropout > 0f;
        float* p = BufferPool.RentFloats(3 * tile); // probabilities
        float* ds = p + tile; // gradient of the probabilities, then of the scores
        float* dropped = drops ? ds + tile : p; // probabilities after dropout
        for (long item = begin; item < end; item++)
        {
            int batch = (int)(item / shape.Heads);
            int head = (int)(item % shape.Heads);
            for (int first = 0; first < shape.Queries; first += AttentionShape.TileRows)
            {
                int rows = Math.Min(AttentionShape.TileRows, shape.Queries - first);
                Product(rows, keys, shape.Dim, q.Row(batch, head, first), q.RowStride, false, k.Row(batch, head, 0), k.RowStride, true, p, keys, false);
                Product(rows, keys, shape.Dim, dO.Row(batch, head, first), dO.RowStride, false, v.Row(batch, head, 0), v.RowStride, true, ds, keys, false);
                for (int r = 0; r < rows; r++)
                {
                    float* row = p + ((long)r * keys);
                    float* gradient = ds + ((long)r * keys);
                    long index = shape.RowIndex(batch, head, first + r);
                    AttentionRow.ScaleMask<T>(row, shape.Scale, mask.Exists ? mask.Row(batch, head, first + r) : null, mask.KeyStride, keys);
                    AttentionRow.Probabilities<T>(row, lse[index], keys);
                    if (drops)
                    {
                        AttentionRow.Drop<T>(row, dropped + ((long)r * keys), keys, shape, batch, head, first + r);
                        AttentionRow.Drop<T>(gradient, gradient, keys, shape, batch, head, first + r);
                    }

                    AttentionRow.Gradient<T>(row, gradient, shape.Scale, keys);
                }

                bool resume = first > 0;
                Product(keys, shape.Dim, rows, dropped, keys, true, dO.Row(batch, head, first), dO.RowStride, false, dv.Row(batch, head, 0), dv.RowStride, resume);
                Product(rows, shape.Dim, keys, ds, keys, false, k.Row(batch, head, 0), k.RowStride, false, dq.Row(batch, head, first), dq.RowStride, false);
                Product(keys, shape.Dim, rows, ds, keys, true, q.Row(batch, head, first), q.RowStride, false, dk.Row(batch, head, 0), dk.RowStride, resume);
            }
        }

        BufferPool.ReturnFloats(p, 3 * tile);
    }

    private static void Product(int m, int n, int depth, float* a, nint lda, bool transA, float* b, nint ldb, bool transB, float* c, nint ldc, bool accumulate) =>
        Gemm.Serial(new GemmProblem
        {
            M = m,
            N = n,
            K = depth,
            A = a,
            LdA = lda,
            TransA = transA,
            B = b,
            LdB = ldb,
            TransB = transB,
            C = c,
            LdC = ldc,
            Accumulate = accumulate,
        });
}
