using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Finishing;

/// <summary>A job's figures, recomputed from its tasks whenever they are asked for: nothing is counted up on the way.</summary>
/// <param name="manifest">The job.</param>
/// <param name="tasks">All its tasks.</param>
internal sealed class JobTally(WorkManifest manifest, IReadOnlyList<TaskRow> tasks)
{
    // Halves are counted by the task that they were put together to.
    readonly TaskRow[] _done = [.. tasks.Where(t => t.Parent is null && t.State is TaskState.Completed or TaskState.Poisoned)];

    /// <summary>Whether a task is still to be done.</summary>
    public bool IsOpen => tasks.Any(t => t.State is TaskState.Queued or TaskState.Running or TaskState.Split);

    /// <summary>Whether a worker holds a task.</summary>
    public bool IsWorkedOn(DateTimeOffset now) => tasks.Any(t => t.State == TaskState.Running && t.LeaseUntil > now);

    /// <summary>Whether a task was given up.</summary>
    public bool HasPoison => tasks.Any(t => t.State == TaskState.Poisoned);

    /// <summary>How the job ends by its tasks, which are all done.</summary>
    public JobResult Result(long items)
    {
        TaskCost[] costs = [.. _done.Select(t => TaskCost.Parse(t.Cost))];
        if (manifest is SampleManifest sample)
        {
            ItemCounts counts = Counts(items);
            List<CellRecord> cells = Cells(sample, costs);
            JobResult verdict = SampleVerdict.Of(sample, counts, ResultTally.Sentence(Codes())) with
            {
                Cells = cells,
                Kernels = Kernels(costs)
            };
            bool vain = sample.Verify > 0 && cells.TrueForAll(c => c.Approximation is null);
            return vain
                ? verdict with { Warnings = [.. verdict.Warnings, "verify has nothing to do: no cell's sampler is an approximation"] }
                : verdict;
        }
        if (_done is [{ State: TaskState.Poisoned } poisoned, ..])
            return new JobResult(JobState.Failed) { Error = poisoned.Error };
        return new JobResult(costs[0].Items is { Errored: > 0 } ? JobState.CompletedWithErrors : JobState.Completed)
        {
            Items =
            costs[0].Items,
            Warnings = costs[0].Warnings,
            Kernels = Kernels(costs)
        };
    }

    /// <summary>The items of what is done so far.</summary>
    public ItemCounts Counts(long items) => new(items, _done.Sum(t => t.Succeeded), _done.Sum(t => t.Errored));

    /// <summary>The speed that the job was worked on with; null where nothing was measured.</summary>
    /// <param name="model">What it depends on, or null where that isn't known.</param>
    /// <param name="bytes">What an evaluation read.</param>
    public SpeedSample? Speed(string? model, double bytes)
    {
        TaskCost[] costs = [.. _done.Select(t => TaskCost.Parse(t.Cost))];
        double seconds = costs.Sum(c => c.Seconds);
        double units = manifest switch
        {
            SampleManifest => costs.SelectMany(c => c.Cells, (c, cell) => cell).Sum(c => (double)c.Nfe) * MeanLength(costs),
            FinetuneManifest finetune => WorkUnits.Finetune(finetune),
            _ => bytes,
        };
        return model is not null && seconds > 0 && units > 0 ? new SpeedSample(model, units, seconds) : null;
    }

    /// <summary>Seconds that devices worked on the job.</summary>
    public double Seconds => _done.Sum(t => TaskCost.Parse(t.Cost).Seconds);

    double MeanLength(TaskCost[] costs)
    {
        double results = (double)_done.Sum(t => t.Succeeded) * Math.Max(costs.Max(c => c.Cells.Count), 1);
        return results == 0 ? 0 : costs.SelectMany(c => c.Cells, (c, cell) => cell).Sum(c => (double)c.Tokens) / results;
    }

    SortedDictionary<string, long> Codes()
    {
        var codes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((string code, long count) in _done.SelectMany(t => t.Errors)) codes[code] = codes.GetValueOrDefault(code) + count;
        return codes;
    }

    static string[] Kernels(TaskCost[] costs) =>
        [.. costs.Select(c => c.Kernels).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    static List<CellRecord> Cells(SampleManifest sample, TaskCost[] costs)
    {
        var cells = sample.Cells();
        long? memory = costs.Max(c => c.PeakMemory);
        return [.. cells.Select((cell, i) =>
        {
            CellTaskCost[] parts = [.. costs.Select(c => i < c.Cells.Count ? c.Cells[i] : new CellTaskCost(0, 0, null))];
            CellCost cost = PartCost.Sum(parts.Sum(p => p.Nfe), parts.Sum(p => p.Tokens),
                [.. parts.Select(p => p.Took)]) with { PeakMemory = memory };
            return new CellRecord(cell.Name, ManifestWriter.ToJson(cell.Settings), costs.Length, cost)
            {
                Approximation = RecordShape.Plain(cell.Settings).Approximation,
                Verify = Agreement.Sum(parts.Select(p => p.Agreement))?.Figures(sample.Seed),
            };
        })];
    }
}
