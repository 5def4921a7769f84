using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Runs an <see cref="IKernel"/> with this machine's lanes, over the pool's threads where that pays.</summary>
internal static class Launch
{
    /// <summary>Elements that are worth a thread of their own.</summary>
    internal const long Worthwhile = 16384;

    /// <summary>Runs a kernel over <paramref name="items"/> items of about <paramref name="cost"/> elements each.</summary>
    internal static void Over<TKernel>(long items, long cost, ref TKernel kernel)
        where TKernel : struct, IKernel
    {
        if (items <= 0)
            return;
        switch (CpuPath.Level)
        {
            case SimdLevel.Avx512:
                Over<TKernel, Lanes512>(items, cost, ref kernel);
                break;
            case SimdLevel.Avx2:
                Over<TKernel, Lanes256>(items, cost, ref kernel);
                break;
            default:
                Over<TKernel, Lanes128>(items, cost, ref kernel);
                break;
        }
    }

    private static void Over<TKernel, T>(long items, long cost, ref TKernel kernel)
        where TKernel : struct, IKernel
        where T : unmanaged, ILanes<T>
    {
        long pieces = Math.Min(Math.Min(items, WorkPool.Threads * 4L), items * Math.Max(1, cost) / Worthwhile);
        if (pieces <= 1 || WorkPool.Threads == 1)
        {
            Call<TKernel, T>(ref kernel, 0, items);
            return;
        }

        var body = new Body<TKernel, T>(kernel, items, pieces);
        WorkPool.For((int)pieces, ref body);
    }

    // A root of its own: inlined into its caller, a kernel would share the compiler's limit of inlined locals with it, and past
    // that limit its lanes' operations become calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Call<TKernel, T>(ref TKernel kernel, long begin, long end)
        where TKernel : struct, IKernel
        where T : unmanaged, ILanes<T> => kernel.Run<T>(begin, end);

    private struct Body<TKernel, T>(TKernel kernel, long items, long pieces) : IParallelBody
        where TKernel : struct, IKernel
        where T : unmanaged, ILanes<T>
    {
        private TKernel _kernel = kernel;

        public void Run(int index) => Call<TKernel, T>(ref _kernel, items * index / pieces, items * (index + 1) / pieces);
    }
}
