using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Dropout whose mask is a function of (seed, offset, element index), so that nothing of it is stored: the backward pass is the forward pass on the gradient.</summary>
internal static unsafe class Dropout
{
    private const int Batch = 32; // blocks drawn at a time: 4 KB

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
            float* uniform = stackalloc float[Batch * Philox.BlockSize];
            var limit = T.Splat(p);
            var factor = T.Splat(Factor(p));
            for (long block = begin; block < end; block += Batch)
            {
                int blocks = (int)Math.Min(Batch, end - block);
                Philox.Uniform(seed, offset, (ulong)block, blocks, uniform);
                long first = block * Philox.BlockSize;
                int count = (int)Math.Min((long)blocks * Philox.BlockSize, n - first);
                float* source = x + first;
                float* target = y + first;
                int i = 0;
                for (; i <= count - 16; i += 16)
                    T.Store(T.Select(T.Greater(limit, T.Load(uniform + i)), T.Zero, T.Load(source + i) * factor), target + i);
                if (i < count)
                    T.StorePartial(T.Select(T.Greater(limit, T.Load(uniform + i)), T.Zero, T.LoadPartial(source + i, count - i, 0f) * factor), target + i, count - i);
            }
        }
    }
}
