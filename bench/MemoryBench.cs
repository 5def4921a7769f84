using System.Diagnostics;
using TorchSharp.Kernels;

namespace DiffusionBatch.Bench;

/// <summary>
/// Training that goes on for long: from step 20 on no new tensor buffer, hardly any managed objects, no collection of the
/// oldest generation, and a process that doesn't grow.
/// </summary>
internal static class MemoryBench
{
    private const int Settled = 20, Early = 100, Steps = 2000;

    // The model of `train`'s first case on fewer tokens: what a step allocates doesn't depend on how many there are.
    private static readonly ModelCase s_sizes = new(256, 6, 4, 2, 32, true);

    private static readonly Report s_report = new(
        ("steps", 6), ("new buffers", 11), ("pool MB", 8), ("managed KB/step", 15), ("gen 0", 6), ("gen 1", 6), ("gen 2", 6), ("working set MB", 14), ("ms/step", 8));

    internal static int Run(BenchOptions options)
    {
        torch.set_num_threads(options.Threads);
        int steps = options.Runs ?? Steps;
        Console.WriteLine($"{Machine.Description}; {options.Threads} threads; {s_sizes.Name}; counts are those since step {Settled}");
        using var ours = new OurStep(s_sizes, ModelBatch.Of(s_sizes), 0.1);
        var start = default(Snapshot);
        for (int step = 1; step <= steps; step++)
        {
            ours.Run();
            if (step == Settled)
                start = Snapshot.Now();
            if (step > Settled && (step == Early || step == steps || step % 500 == 0))
                Row(step, start, Snapshot.Now());
        }

        s_report.Save(options, null);
        return 0;
    }

    private static void Row(int step, Snapshot start, Snapshot now)
    {
        double steps = step - Settled;
        s_report.Row(
            step, now.Buffers - start.Buffers, now.PoolBytes / 1e6, (now.Managed - start.Managed) / 1e3 / steps, now.Collections[0] - start.Collections[0],
            now.Collections[1] - start.Collections[1], now.Collections[2] - start.Collections[2], now.WorkingSet / 1e6, Stopwatch.GetElapsedTime(start.Time, now.Time).TotalMilliseconds / steps);
    }

    private readonly record struct Snapshot(long Buffers, long PoolBytes, long Managed, int[] Collections, long WorkingSet, long Time)
    {
        internal static Snapshot Now()
        {
            using var process = Process.GetCurrentProcess();
            return new Snapshot(
                BufferPool.FreshBuffers, BufferPool.TotalBytes, GC.GetTotalAllocatedBytes(), [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)],
                process.WorkingSet64, Stopwatch.GetTimestamp());
        }
    }
}
