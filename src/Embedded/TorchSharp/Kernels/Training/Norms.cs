using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Sums over whole tensors: blocks of 16,384 elements as <see cref="RowSums"/>, then the blocks in order in double.</summary>
internal static unsafe class Norms
{
    private const int Block = 16384;

    /// <summary>sum x^2.</summary>
    internal static double SquaredNorm(float* x, long n) => Reduce<Functions.Square>(x, n);

    /// <summary>sum x.</summary>
    internal static double Sum(float* x, long n) => Reduce<Functions.Copy>(x, n);

    private static double Reduce<TF>(float* x, long n)
        where TF : struct, IUnary
    {
        long blocks = (n + Block - 1) / Block;
        float* partial = BufferPool.RentFloats(blocks);
        var kernel = new Kernel<TF>(x, partial, n);
        Launch.Over(blocks, Block / 2, ref kernel);
        double sum = 0;
        for (long b = 0; b < blocks; b++)
            sum += partial[b];
        BufferPool.ReturnFloats(partial, blocks);
        return sum;
    }

    private struct Kernel<TF>(float* x, float* partial, long n) : IKernel
        where TF : struct, IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long b = begin; b < end; b++)
                partial[b] = RowSums.Sum<T, TF>(default, x + (b * Block), (int)Math.Min(Block, n - (b * Block)));
        }
    }
}
