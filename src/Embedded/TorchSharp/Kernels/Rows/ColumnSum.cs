using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Sums over rows (gradients of biases): blocks of 64 rows in order, then the blocks in order.</summary>
internal static unsafe class ColumnSum
{
    private const int Block = 64;

    /// <summary>y[j] = [y[j] +] sum over r of x[r * ld + j].</summary>
    internal static void Run(float* x, nint ld, float* y, long rows, int columns, bool accumulate)
    {
        long blocks = (rows + Block - 1) / Block;
        float* partial = BufferPool.RentFloats(blocks * columns);
        var sums = new BlockKernel(x, ld, partial, rows, columns);
        Launch.Over(blocks, (long)Block * columns, ref sums);
        var combine = new CombineKernel(partial, y, blocks, columns, accumulate);
        Launch.Over((columns + 15) / 16, blocks * 16, ref combine);
        BufferPool.ReturnFloats(partial, blocks * columns);
    }

    // partial[block] = the block's sums: memory is read about in its order, while the sums of 64 columns stay in registers.
    private struct BlockKernel(float* x, nint ld, float* partial, long rows, int columns) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long block = begin; block < end; block++)
            {
                float* source = x + (block * Block * ld);
                float* target = partial + (block * columns);
                int count = (int)Math.Min(Block, rows - (block * Block));
                int j = 0;
                for (; j <= columns - 64; j += 64)
                    Four<T>(source + j, count, target + j);
                for (; j < columns; j += 16)
                    One<T>(source + j, count, target + j, Math.Min(16, columns - j));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Four<T>(float* row, int count, float* target)
            where T : unmanaged, ILanes<T>
        {
            T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
            for (int r = 0; r < count; r++, row += ld)
            {
                s0 += T.Load(row);
                s1 += T.Load(row + 16);
                s2 += T.Load(row + 32);
                s3 += T.Load(row + 48);
            }

            T.Store(s0, target);
            T.Store(s1, target + 16);
            T.Store(s2, target + 32);
            T.Store(s3, target + 48);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void One<T>(float* row, int count, float* target, int width)
            where T : unmanaged, ILanes<T>
        {
            var sum = T.Zero;
            for (int r = 0; r < count; r++, row += ld)
                sum += width == 16 ? T.Load(row) : T.LoadPartial(row, width, 0f);
            Write(sum, target, width);
        }
    }

    private struct CombineKernel(float* partial, float* y, long blocks, int columns, bool accumulate) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (int j = (int)begin * 16; j < Math.Min(columns, end * 16); j += 16)
            {
                int width = Math.Min(16, columns - j);
                float* source = partial + j;
                var total = T.Zero;
                for (long block = 0; block < blocks; block++, source += columns)
                    total += width == 16 ? T.Load(source) : T.LoadPartial(source, width, 0f);
                if (accumulate)
                    total += width == 16 ? T.Load(y + j) : T.LoadPartial(y + j, width, 0f);
                Write(total, y + j, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T>(T value, float* target, int width)
        where T : unmanaged, ILanes<T>
    {
        if (width == 16)
            T.Store(value, target);
        else
            T.StorePartial(value, target, width);
    }
}
