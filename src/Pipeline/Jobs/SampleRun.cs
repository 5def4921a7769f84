using DiffusionBatch.Pipeline.Cells;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>
/// A sample job: all its shards and cells in one stream of items, so that batches stay full, and each part written
/// once its results are there.
/// </summary>
internal sealed class SampleRun(string root, string id, PlannedJob job, IJobTasks tasks, LocalIndex index, ProgressReporter reporter, JobRunnerOptions options)
{
    static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(100);

    readonly ProgressReporter _reporter = reporter;
    readonly SampleManifest _manifest = (SampleManifest)job.Manifest;
    readonly string _output = Path.Combine(root, job.Manifest.Output);

    volatile IReadOnlyDictionary<string, double> _figures = new Dictionary<string, double>();

    /// <summary>Samples what isn't there yet.</summary>
    public async Task<JobResult> RunAsync(CancellationToken cancellationToken)
    {
        ResultLayout layout = OutputFolder.Layout(_output, job);
        using var store = new ResultStore(layout, job.Fingerprint!.Value, options.Before);
        var shards = new LocalShards(index, await index.TasksAsync(id).ConfigureAwait(false), layout, _manifest.Output, store, tasks.Kernels, options.Time);
        store.PartFinished = shards.Finish;
        store.CommitRecovered();
        shards.CommitFound();
        return Run(layout, store, shards, cancellationToken);
    }

    JobResult Run(ResultLayout layout, ResultStore store, LocalShards shards, CancellationToken cancellationToken)
    {
        IReadOnlyList<SamplerCell> cells = SweepPlan.Expand(_manifest);
        long total = layout.Items * cells.Count;
        int[] open = [.. Enumerable.Range(0, cells.Count).Where(cell => !store.IsComplete(cell))];
        if (open.Length > 0)
        {
            var flow = new SampleFlow(_manifest, open);
            IEnumerable<InputItem> items = InputReader.ReadSample(Path.Combine(root, _manifest.Input), _manifest.Input, _manifest.PassThrough);
            var task = new SampleTask(_manifest, root, [.. open.Select(c => cells[c])], flow.Enter(new ShardResults(store, 0), items.Select(shards.Begin)));
            var clock = new ReportClock(options.Time, s_reportEvery);
            long before = store.Tally.Results;
            foreach (ItemResult result in tasks.Sample(task, new SamplerFigures(this), cancellationToken))
            {
                shards.Worked(result.Item);
                flow.Take(result);
                if (clock.IsDue()) Report(store, before, total, clock.Elapsed);
                cancellationToken.ThrowIfCancellationRequested();
            }
            Report(store, before, total, clock.Elapsed);
        }
        if (store.Tally.Results != total)
            throw new InvalidOperationException($"The sampler gave {store.Tally.Results} results in place of {total}.");
        return Result(store, cells, layout);
    }

    void Report(ResultStore store, long before, long total, TimeSpan elapsed)
    {
        double rate = (store.Tally.Results - before) / Math.Max(elapsed.TotalSeconds, 1e-9);
        _reporter.Report(new TaskProgress("sampling", store.Tally.Results, total, "results", new Dictionary<string, double>(_figures) { ["results/s"] = rate }));
    }

    JobResult Result(ResultStore store, IReadOnlyList<SamplerCell> cells, ResultLayout layout)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        long memory = process.PeakWorkingSet64;
        return SampleVerdict.Of(_manifest, store.Tally.Items, store.Tally.Errors) with
        {
            Cells = [.. cells.Select((cell, i) => new CellRecord(cell.Name, cell.ToJson(), layout.Parts, Cost(store, i, memory)))],
        };
    }

    // All cells of a job are sampled by one process, so its memory is each one's.
    static CellCost Cost(ResultStore store, int cell, long memory) => store.Cost(cell) with { PeakMemory = memory > 0 ? memory : null };

    // The sampler's own counts start anew with each run, so that those of the job are the store's; its figures are shown.
    sealed class SamplerFigures(SampleRun run) : IProgress<TaskProgress>
    {
        public void Report(TaskProgress value)
        {
            if (value.Metrics is not null) run._figures = value.Metrics;
            if (value.Note is not null) run._reporter.Report(value with { Done = -1 });
        }
    }
}
