using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Items are (batch, head, tile of queries).</summary>
internal unsafe struct AttentionForward(AttentionShape shape, HeadView q, HeadView k, HeadView v, MaskView mask, HeadView o, float* lse, int tiles) : IKernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<T>(long begin, long end)
        where T : unmanaged, ILanes<T>
    {
        int rowsMax = Math.Min(shape.Queries, AttentionShape.TileRows);
        long size = ((long)rowsMax * shape.Keys) + rowsMax;
        float* scores = BufferPool.RentFloats(size);
        float* inverses = scores + ((long)rowsMax * shape.Keys);
        for (long item = begin; item < end; item++)
        {
            int head = (int)(item / tiles % shape.Heads);
            int batch = (int)(item / tiles / shape.Heads);
            int first = (int)(item % tiles) * AttentionShape.TileRows;
            int rows = Math.Min(AttentionShape.TileRows, shape.Queries - first);
            Gemm.Serial(new GemmProblem
            {
                M = rows,
                N = shape.Keys,
                K = shape.Dim,
                A = q.Row(batch, head, first),
                LdA = q.RowStride,
                B = k.Row(batch, head, 0),
                LdB = k.RowStride,
                TransB = true,
                C = scores,
                LdC = shape.Keys,
            });
            for (int r = 0; r < rows; r++)
            {
                float* row = scores + ((long)r * shape.Keys);
                AttentionRow.ScaleMask<T>(row, shape.Scale, mask.Exists ? mask.Row(batch, head, first + r) : null, mask.KeyStride, shape.Keys);
                float logSum = AttentionRow.Exponentials<T>(row, shape.Keys, out inverses[r]);
                long index = shape.RowIndex(batch, head, first + r);
                if (lse != null)
                    lse[index] = logSum;
                if (shape.Dropout > 0f)
                    AttentionRow.Drop<T>(row, row, shape.Keys, shape, batch, head, first + r);
            }

            Gemm.Serial(new GemmProblem
            {
                M = rows,
                N = shape.Dim,
                K = shape.Keys,
                A = scores,
                LdA = shape.Keys,
                B = v.Row(batch, head, 0),
                LdB = v.RowStride,
                C = o.Row(batch, head, first),
                LdC = o.RowStride,
            });
            for (int r = 0; r < rows; r++)
                AttentionRow.Scale<T>(o.Row(batch, head, first + r), inverses[r], shape.Dim);
        }

        BufferPool.ReturnFloats(scores, size);
    }
}
