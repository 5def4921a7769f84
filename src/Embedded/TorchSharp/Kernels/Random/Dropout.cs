using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Dropout whose mask is a function of (seed, offset, element index), so that nothing of it is stored: the backward pass is the forward pass on the gradient.</summary>
internal static unsafe class Dropout
{
    /// <summary>y[i] = keep(i) ? x[i] / (1 - p) : 0. p in [0, 1]; y may be x.</summary>
    internal static void Run(float* x, float* y, long n, float p, ulong seed, ulong offset)
    {
        var kernel = new Kernel(x, y, n, p, seed, offset);
        Launch.Over((n + Philox.BlockSize - 1) / Philox.BlockSize, 4 * Philox.BlockSize, ref kernel);
    }

    /// <summary>The factor of kept elements.</summary>
    internal static float Factor(float p) => p >= 1f ? 0f : 1f / (1f - p);

    private struct Kernel(float* x, float* y, long n, float p, ulong seed, ulong offset) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            float* uniform = stackalloc float[Philox.BlockSize];
            var limit = T.Splat(p);
            var factor = T.Splat(Factor(p));
            for (long block = begin; block < end; block++)
            {
                Philox.Uniform(seed, offset, (ulong)block, uniform);
                for (int half = 0; half < Philox.BlockSize; half += 16)
                {
                    long i = (block * Philox.BlockSize) + half;
                    var drop = T.Greater(limit, T.Load(uniform + half));
                    if (n - i >= 16)
                        T.Store(T.Select(drop, T.Zero, T.Load(x + i) * factor), y + i);
                    else if (n > i)
                        T.StorePartial(T.Select(drop, T.Zero, T.LoadPartial(x + i, (int)(n - i), 0f) * factor), y + i, (int)(n - i));
                }
            }
        }
    }
}
