using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Bench;

/// <summary>
/// A process's memory over many training steps, many sampled items, of a tiny model and canvases of all lengths, and many finetunes: it
/// must not grow after the first 500, or the first three. What counts is what is in use, managed and native: glibc keeps pieces between,
/// more of them as time goes on.
/// </summary>
internal static class MemoryBench
{
    private const int Count = 10_000, Settled = 500, Rows = 10, Pairs = 300, BatchTokens = 256, Steps = 6;
    private const int JobCount = 12, JobsSettled = 3, JobSteps = 10, JobTokens = 2048;
    private const double Allowed = 1.1;

    private static readonly Report s_report =
        new(("phase", -9), ("done", 7), ("in use MB", 10), ("of settled", 10), ("managed MB", 11), ("resident MB", 12));

    internal static int Run(BenchOptions options)
    {
        if (!ProcessMemory.IsKnown)
            throw new ArgumentException("memory: a process's memory is read as Linux tells it");
        options.SetUpTorch();
        int count = options.Count ?? Count;
        bool flat = true;
        if (options.Wants("training"))
            flat &= Training(count);
        if (options.Wants("sampling"))
            flat &= Sampling(count);
        if (options.Wants("jobs"))
            flat &= Jobs();
        s_report.Save(options, null);
        if (!flat)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Memory grew by more than {Allowed - 1:P0} after the first {Settled}."));
        return flat ? 0 : 1;
    }

    private static bool Training(int count)
    {
        using var folder = new TemporaryFolder();
        var watch = new Watch("training", count);
        var settings = new TrainingSettings { Steps = count + 1, BatchTokens = BatchTokens };
        LooseRun.Take(RandomPairs.Known[0].Finetune(folder.Name, Pairs, settings, null), count, (step, _, _) => watch.Note((int)step));
        return watch.IsFlat;
    }

    private static bool Sampling(int count)
    {
        var shape = RandomPairs.Known[0];
        using var model = shape.Model(null);
        var sampler = new SweepSampler(model, null, shape.Specials, new SweepOptions { Seed = 1 });
        var cell = new SamplerSettings { Steps = Steps, Length = new LengthSettings { Source = "fixed", Value = 1 } };
        var watch = new Watch("sampling", count);
        int done = 0;
        foreach (var _ in sampler.Run(shape.Items(count), [cell]))
            watch.Note(++done);
        return watch.IsFlat;
    }

    // On one thread, as a worker does them: with each new one glibc would keep another job's worth of freed memory.
    private static bool Jobs()
    {
        using var folder = new TemporaryFolder();
        var watch = new Watch("jobs", JobCount, JobsSettled);
        var shape = RandomPairs.Known[0] with { Hidden = 128, Layers = 3, Heads = 4, Vocabulary = 4000 };
        var settings = new TrainingSettings { Steps = JobSteps, BatchTokens = JobTokens };
        for (int job = 1; job <= JobCount; job++)
        {
            Finetuner.Run(shape.Finetune(Path.Combine(folder.Name, $"{job}"), Pairs, settings, null), null, CancellationToken.None);
            watch.Note(job);
        }
        return watch.IsFlat;
    }

    /// <summary>Notes a phase's memory in even distances, and once it has settled.</summary>
    private sealed class Watch(string phase, int count, int settled = Settled)
    {
        private double _settled, _last;

        internal bool IsFlat => _last <= Allowed * _settled;

        internal void Note(int done)
        {
            if (done != settled && done % Math.Max(1, count / Rows) != 0 && done != count)
                return;
            GC.Collect(); // else the first of these times fall into the filling of the youngest generation, 100 MB here
            GC.WaitForPendingFinalizers();
            double resident = ProcessMemory.Megabytes(Environment.ProcessId), managed = GC.GetTotalMemory(forceFullCollection: false) / 1e6;
            _last = NativeHeap.MegabytesInUse is { } native and > 0 ? native + managed : resident;
            if (done <= settled)
                _settled = _last;
            s_report.Row(phase, done, _last, _last / _settled, managed, resident);
        }
    }
}
