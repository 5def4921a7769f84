using System.Collections.Concurrent;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.GpuWorker.Sampling;

/// <summary>One sampling task: all its items and cells in one stream through the sampler, so that batches stay full.</summary>
internal sealed class SampleRunner(Checkpoint checkpoint, SampleTask task)
{
    // A model that wasn't adapted has no mask, unless a cell's canvas needs one.
    readonly ItemMapping _mapping = new(
        checkpoint, task.Manifest, task.Manifest.Shots is { } shots ? ShotsFile.Read(shots, task.Root, task.Manifest.Seed) : null,
        fills: checkpoint.Settings is not null || task.Cells.Any(c => !SampleCheck.IsNextToken(c.Settings)));

    readonly ExactPairs _pairs = new(task.Manifest, [.. task.Cells.Select(c => c.Settings)]);

    // The sampler counts items as it reads them; what it has read stays here until its last result.
    readonly ConcurrentDictionary<int, (InputItem Item, int PromptTokens)> _items = new();
    readonly Dictionary<int, int> _results = [];

    /// <summary>The results as they are finished.</summary>
    public IEnumerable<ItemResult> Run(IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        // Found before any work where the model was there; one that the pipeline has made is seen here first.
        if (SampleCheck.CheckSettings(task.Manifest, checkpoint.Model.Config, checkpoint.Settings) is { Count: > 0 } problems)
            throw new ProblemsException(problems);
        var options = new SweepOptions { Seed = task.Manifest.Seed, BatchTokens = task.Manifest.BatchTokens, Trace = task.Manifest.Trace };
        var sampler = SweepSampler.For(checkpoint, options);
        if (task.Cells.Any(c => c.Settings.Precision == SamplingPrecision.Bfloat16) && !sampler.IsFastAtBfloat16)
            progress?.Report(new TaskProgress("", -1, 0, "",
                Note: "sampling in bfloat16, for which this machine has no instructions, so float32 would be faster"));
        SamplerSettings[] cells = [.. task.Cells.Select(c => c.Settings)];
        foreach (SampleResult sampled in sampler.Run(Items(), cells, progress is null ? null : new Figures(progress), _pairs.Checks,
            cancellationToken))
        {
            if (_pairs.Take(sampled) is not var (result, exact)) continue;
            (InputItem item, int promptTokens) = _items[result.ItemIndex];
            ItemResult mapped = _mapping.Map(result, item, promptTokens);
            if (exact is { Error: null }) mapped = mapped with { Exact = _mapping.Map(exact, item, promptTokens) };
            int results = _results.GetValueOrDefault(result.ItemIndex) + 1;
            if (results < task.Cells.Count) _results[result.ItemIndex] = results;
            else if (_items.TryRemove(result.ItemIndex, out _)) _results.Remove(result.ItemIndex);
            yield return mapped;
        }
    }

    IEnumerable<SampleItem?> Items()
    {
        int index = 0;
        foreach (InputItem? item in task.Items)
        {
            if (item is null)
            {
                yield return null;
                continue;
            }
            if ((item.PromptIds is null || item.Template is not null) && checkpoint.Tokenizer is null)
                throw new ProblemsException(Unreadable(item));
            SampleItem canvas = _mapping.Map(item) with { IsChecked = _pairs.Chooses(item.Id) };
            _items[index++] = (item, canvas.PromptIds.Length - canvas.Holes.Length);
            yield return canvas;
        }
    }

    // Found before any work where the whole input could be read; a worker sees its own lines alone.
    Problem Unreadable(InputItem item)
    {
        string model = task.Manifest.Model.From;
        return checkpoint.TokenizerProblem is { } broken
            ? new Problem($"{model}/{broken.File}", null, broken.Line, broken.Column, broken.Sentence)
            : new Problem(task.Manifest.Input, null, item.Line, null, TokenizerNames.Missing(model, task.Manifest.Input, item.Line));
    }

    sealed class Figures(IProgress<TaskProgress> progress) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) =>
            progress.Report(new TaskProgress("sampling", -1, 0, "results", new Dictionary<string, double>
            {
                ["tokens/s"] = value.Summary.TokensPerSecond,
                ["passes"] = value.Summary.PassesComputed,
            }));
    }
}
