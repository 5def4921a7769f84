using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Sums over rows (gradients of biases): blocks of 64 rows in order, then the blocks in order.</summary>
internal static unsafe class ColumnSum
{
    private const int Block = 64;

    /// <summary>y[j] = [y[j] +] sum over r of x[r * ld + j].</summary>
    internal static void Run(float* x, nint ld, float* y, long rows, int columns, bool accumulate)
    {
        var kernel = new Kernel(x, ld, y, rows, columns, accumulate);
        Launch.Over((columns + 31) / 32, rows * 32, ref kernel);
    }

    private struct Kernel(float* x, nint ld, float* y, long rows, int columns, bool accumulate) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (int j = (int)begin * 32; j < Math.Min(columns, end * 32); j += 32)
            {
                int first = Math.Min(16, columns - j);
                int second = Math.Min(16, columns - j - 16);
                T total0 = T.Zero, total1 = T.Zero;
                for (long r = 0; r < rows;)
                {
                    long stop = Math.Min(rows, r + Block);
                    T sum0 = T.Zero, sum1 = T.Zero;
                    for (; r < stop; r++)
                    {
                        float* row = x + (r * ld) + j;
                        sum0 += first == 16 ? T.Load(row) : T.LoadPartial(row, first, 0f);
                        if (second > 0)
                            sum1 += second == 16 ? T.Load(row + 16) : T.LoadPartial(row + 16, second, 0f);
                    }

                    total0 += sum0;
                    total1 += sum1;
                }

                Finish(total0, y + j, first);
                if (second > 0)
                    Finish(total1, y + j + 16, second);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Finish<T>(T total, float* target, int count)
            where T : unmanaged, ILanes<T>
        {
            if (accumulate)
                total += count == 16 ? T.Load(target) : T.LoadPartial(target, count, 0f);
            if (count == 16)
                T.Store(total, target);
            else
                T.StorePartial(total, target, count);
        }
    }
}
