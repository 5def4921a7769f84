using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Rows of a table by index: gathered, and their gradients added back in the order of the indices.</summary>
internal static unsafe class EmbeddingRows
{
    /// <summary>y[r] = table[indices[r]], rows of n floats.</summary>
    /// <exception cref="ArgumentOutOfRangeException">When an index is outside the table.</exception>
    internal static void Gather(float* table, long tableRows, long* indices, float* y, long rows, int n)
    {
        Check(indices, rows, tableRows);
        var kernel = new GatherKernel(table, indices, y, n);
        Launch.Over(rows, n, ref kernel);
    }

    /// <summary>table[indices[r]] += dy[r] for r ascending, except where the index is <paramref name="skip"/> (a padding row; -1 for none).</summary>
    /// <exception cref="ArgumentOutOfRangeException">When an index is outside the table.</exception>
    internal static void ScatterAdd(float* table, long tableRows, long* indices, float* dy, long rows, int n, long skip = -1)
    {
        Check(indices, rows, tableRows);
        var kernel = new ScatterKernel(table, indices, dy, rows, n, skip);
        Launch.Over((n + 63) / 64, rows * 64, ref kernel); // threads share out the columns, so each sum keeps its order
    }

    private static void Check(long* indices, long rows, long tableRows)
    {
        long r = IndexRange.FirstOutside(indices, rows, tableRows);
        if (r >= 0)
            throw new ArgumentOutOfRangeException(nameof(indices), indices[r], $"index out of range in self: {indices[r]} is not in 0..{tableRows - 1}");
    }

    private struct GatherKernel(float* table, long* indices, float* y, int n) : IKernel
    {
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
                new ReadOnlySpan<float>(table + (indices[r] * n), n).CopyTo(new Span<float>(y + (r * n), n));
        }
    }

    private struct ScatterKernel(float* table, long* indices, float* dy, long rows, int n, long skip) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            int first = (int)begin * 64;
            int last = (int)Math.Min(n, end * 64);
            for (long r = 0; r < rows; r++)
            {
                if (indices[r] == skip)
                    continue;
                float* target = table + (indices[r] * n);
                RowFunctions.Map2<T, Functions.Add>(default, target + first, dy + (r * n) + first, target + first, last - first);
            }
        }
    }
}
