using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

/// <summary>Kernel tests change process-wide settings, so they run one at a time.</summary>
[CollectionDefinition("kernels", DisableParallelization = true)]
public sealed class KernelSettings
{
    /// <summary>Every instruction set of this machine.</summary>
    internal static IEnumerable<SimdLevel> Levels => Enum.GetValues<SimdLevel>().Where(CpuPath.Supports);

    /// <summary>Runs the action with each instruction set and with 1 and 2 threads; the settings are put back.</summary>
    internal static void Everywhere(Action action)
    {
        var level = CpuPath.Level;
        int threads = WorkPool.Threads;
        try
        {
            foreach (var next in Levels)
            {
                for (int t = 1; t <= 2; t++)
                {
                    CpuPath.Level = next;
                    WorkPool.Threads = t;
                    action();
                }
            }
        }
        finally
        {
            CpuPath.Level = level;
            WorkPool.Threads = threads;
        }
    }

    /// <summary>Requires the same bits from every instruction set and thread count; returns them.</summary>
    internal static Floats SameEverywhere(Func<Floats> compute)
    {
        Floats? first = null;
        Everywhere(() =>
        {
            var next = compute();
            if (first is null)
            {
                first = next;
                return;
            }

            first.ShouldEqualBits(next);
            next.Dispose();
        });
        return first!;
    }
}
