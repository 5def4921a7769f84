using System.Collections.Concurrent;
using System.Globalization;
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
internal sealed class SampleRun(string root, PlannedJob job, IJobTasks tasks, IJobIndex index, ProgressReporter reporter, JobRunnerOptions options)
{
    static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(100);

    readonly ProgressReporter _reporter = reporter;
    readonly SampleManifest _manifest = (SampleManifest)job.Manifest;
    readonly string _output = Path.Combine(root, job.Manifest.Output);

    // Items that were handed to the sampler, until their last result is there.
    readonly ConcurrentDictionary<long, InFlight> _inFlight = new();

    volatile IReadOnlyDictionary<string, double> _figures = new Dictionary<string, double>();

    sealed class InFlight(InputItem item, int results)
    {
        public InputItem Item { get; } = item;

        public int Left { get; set; } = results;
    }

    /// <summary>Samples what isn't there yet.</summary>
    public JobResult Run(string jobId, CancellationToken cancellationToken)
    {
        IReadOnlyList<SamplerCell> cells = SweepPlan.Expand(_manifest);
        ResultLayout layout = OutputFolder.Layout(_output, job);
        long total = layout.Items * cells.Count;
        index.SetTasks(jobId, (long)layout.Parts * cells.Count);
        using var store = new ResultStore(layout, job.Fingerprint!.Value, options.Before);
        store.PartFinished = (cell, part, cost) =>
            index.SaveArtifact(jobId, new ArtifactRow($"{_manifest.Output}/{cells[cell].Name}/{Path.GetFileName(layout.PartFile(cell, part))}", ArtifactKind.Part)
            {
                Cell = cells[cell].Name,
                Part = part,
                Bytes = new FileInfo(layout.PartFile(cell, part)).Length,
                Lines = layout.PartSize(part),
                Nfe = cost.Nfe,
                Tokens = cost.Tokens,
                Seconds = cost.Seconds,
                Flops = cost.Flops,
            });
        store.CommitRecovered();

        int[] open = [.. Enumerable.Range(0, cells.Count).Where(cell => !store.IsComplete(cell))];
        if (open.Length > 0)
        {
            var task = new SampleTask(_manifest, root, [.. open.Select(c => cells[c])], Pending(store, open));
            var clock = new ReportClock(options.Time, s_reportEvery);
            long before = store.Tally.Results;
            foreach (ItemResult result in tasks.Sample(task, new SamplerFigures(this), cancellationToken))
            {
                Take(store, open[result.Cell], result);
                if (clock.IsDue()) Report(store, before, total, clock.Elapsed);
                cancellationToken.ThrowIfCancellationRequested();
            }
            Report(store, before, total, clock.Elapsed);
        }
        if (store.Tally.Results != total)
            throw new InvalidOperationException($"The sampler gave {store.Tally.Results} results in place of {total}.");
        return Result(store, cells, layout);
    }

    IEnumerable<InputItem> Pending(ResultStore store, int[] open)
    {
        foreach (InputItem item in InputReader.ReadSample(Path.Combine(root, _manifest.Input), _manifest.Input, _manifest.PassThrough))
        {
            if (Array.TrueForAll(open, cell => store.Has(cell, item.Index))) continue;
            if (item.Error is { } error)
            {
                var row = new ResultRow(ResultLines.Error(item.Id, error), [], 0, 0, 0, error.Code);
                foreach (int cell in open) store.Add(cell, item.Index, row);
                continue;
            }
            _inFlight[item.Index] = new InFlight(item, open.Length);
            yield return item;
        }
    }

    void Take(ResultStore store, int cell, ItemResult result)
    {
        if (!_inFlight.TryGetValue(result.Item, out InFlight? flight) || flight.Item.Id != result.Id)
            throw new InvalidOperationException($"The sampler gave a result that nobody waits for: item {result.Item}, \"{result.Id}\".");
        string line = ResultLines.Result(result, _manifest.Ids || flight.Item.PromptIds is not null, _manifest.PassThrough ? flight.Item.Other : null);
        string[] traces = _manifest.Trace && result.Error is null ? [.. result.Traces.Select(t => ResultLines.Trace(result.Id, t))] : [];
        bool failed = result.Error is not null;
        store.Add(cell, result.Item, new ResultRow(line, traces, failed ? 0 : result.Nfe, failed ? 0 : result.Length, result.Seconds, result.Error?.Code) { Flops = failed ? 0 : result.Flops });
        if (--flight.Left == 0) _inFlight.TryRemove(result.Item, out _);
    }

    void Report(ResultStore store, long before, long total, TimeSpan elapsed)
    {
        double rate = (store.Tally.Results - before) / Math.Max(elapsed.TotalSeconds, 1e-9);
        _reporter.Report(new TaskProgress("sampling", store.Tally.Results, total, "results", new Dictionary<string, double>(_figures) { ["results/s"] = rate }));
    }

    JobResult Result(ResultStore store, IReadOnlyList<SamplerCell> cells, ResultLayout layout)
    {
        ItemCounts items = store.Tally.Items;
        bool failed = _manifest.ErrorThreshold >= 0 && items.Errored > _manifest.ErrorThreshold * items.Total;
        string errors = string.Create(CultureInfo.InvariantCulture, $"{items.Errored} of {items.Total} items have errors ({store.Tally.Errors})");
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        long memory = process.PeakWorkingSet64;
        return new JobResult(failed ? JobState.Failed : items.Errored > 0 ? JobState.CompletedWithErrors : JobState.Completed)
        {
            Items = items,
            Cells = [.. cells.Select((cell, i) => new CellRecord(cell.Name, cell.ToJson(), layout.Parts, Cost(store, i, memory)))],
            Error = failed ? string.Create(CultureInfo.InvariantCulture, $"{errors}; errorThreshold allows {_manifest.ErrorThreshold}.") : null,
            Warnings = items.Errored > 0 && !failed ? [errors] : [],
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
