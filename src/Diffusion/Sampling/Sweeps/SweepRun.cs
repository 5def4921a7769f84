using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Sampling.Autoregression;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>
/// One run of a sweep over a stream of items. An active set of items is kept just large enough to fill batches with canvases
/// of similar length; a finished item leaves it and others take its place. What is computed together, and when, is decided
/// here and has no influence on any result.
/// </summary>
internal sealed class SweepRun(IDenoiser denoiser, int mask, SweepOptions options, IReadOnlyList<CellPlan> cells, CostMeter meter,
    TimeProvider time)
{
    readonly PassQueue _queue = new(denoiser, mask);
    readonly PromptTable _prompts = new();
    readonly Queue<SampleResult> _finished = new();
    readonly List<(SharedPrompt Prompt, Trajectory Trajectory)> _moved = [];
    readonly StepBuffers _buffers = new();
    readonly TemperedRows _tempered = new();
    readonly int _closing = cells.Min(c => c.Closing);
    int _nextIndex;

    /// <summary>Yields each result once, as it is finished.</summary>
    public IEnumerable<SampleResult> Execute(IEnumerable<SampleItem?> items, IProgress<SweepProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var source = items.GetEnumerator();
        using var searches = new AutoregressiveRun(denoiser, options.BatchTokens, meter, time);
        using var ending = new Ending(denoiser);
        for (bool more = true; more || _queue.Count > 0 || !searches.IsIdle;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (more && _queue.Tokens + searches.Tokens < 4L * options.BatchTokens) more = Admit(source, searches);
            if (_queue.Count > 0) Pass();
            if (!searches.IsIdle) searches.Pass(search => search.Finish(options.Trace, _finished));
            while (_finished.TryDequeue(out var result))
            {
                meter.Finished(result);
                yield return result;
            }
            progress?.Report(meter.Progress);
        }
    }

    sealed class Ending(IDenoiser denoiser) : IDisposable
    {
        public void Dispose() => denoiser.End();
    }

    /// <summary>
    /// Takes in items until some eight batches wait, enough of each shape, or none is there at present; false at the input's end.
    /// </summary>
    bool Admit(IEnumerator<SampleItem?> source, AutoregressiveRun searches)
    {
        var admitted = new List<ItemRun>();
        bool more = true;
        for (long expected = _queue.Tokens + searches.Tokens; expected < 8L * options.BatchTokens && (more = source.MoveNext());)
        {
            if (source.Current is not { } item) break;
            var error = LengthPlan.Check(item, denoiser.VocabularySize, denoiser.UsablePositions, _closing,
                mayBeEmpty: denoiser.Diffusion is not null);
            admitted.Add(new ItemRun(_nextIndex++, item, _prompts.Of(item)) { Error = error });
            expected += (item.PromptIds.Length + 1L) * cells.Count;
        }
        if (denoiser.PredictsLengths)
        {
            var asking = admitted.Where(i => i.Error is null && cells.Any(c => c.NeedsPredictor(i.Item))).Select(i => i.Prompt);
            LengthPasses.Run(denoiser, asking.Where(p => p.LengthLogits is null).Distinct(), options.BatchTokens, time, meter);
        }
        foreach (var run in admitted)
        {
            foreach (var candidate in run.Plan(cells, options, mask, denoiser, _finished))
            {
                if (candidate is Trajectory trajectory)
                {
                    run.Prompt.Begin();
                    Continue(run.Prompt, trajectory);
                }
                else if (candidate is Search { IsEmpty: false } search) searches.Add(search);
                else candidate.Finish(options.Trace, _finished);
            }
        }
        _prompts.Settle(admitted.Select(i => i.Prompt));
        return more;
    }

    /// <summary>One forward pass, and the steps that it allows.</summary>
    void Pass()
    {
        var batch = _queue.Take(options.BatchTokens);
        denoiser.Predict(batch.ConvertAll(p => p.Canvas.Request(p.Prompt.Item, mask, denoiser)), (i, rows) => Deliver(batch[i], rows));
        meter.Batch(batch.Count, batch.Sum(p => (long)p.Computed));
        foreach (var (prompt, trajectory) in _moved) Continue(prompt, trajectory);
        _moved.Clear();
    }

    /// <summary>Moves every trajectory that waits for a canvas, while its logits are at hand.</summary>
    void Deliver(PendingPass pass, CanvasRows rows)
    {
        var canvas = pass.Canvas;
        canvas.Store(rows);
        meter.Spent(rows.Seconds);
        canvas.Waiting.Sort((a, b) => a.Temperature.CompareTo(b.Temperature)); // those of one temperature share a row's cumulative weights
        foreach (var trajectory in canvas.Waiting)
        {
            if (trajectory.IsTempered) trajectory.Bind(_tempered, rows);
            trajectory.Advance(canvas, rows, _tempered, _buffers);
            _moved.Add((pass.Prompt, trajectory));
        }
        _tempered.Release();
        canvas.Waiting.Clear();
    }

    /// <summary>Follows a trajectory over the canvases whose predictions are known, to its end or to one that has to be computed.</summary>
    void Continue(SharedPrompt prompt, Trajectory trajectory)
    {
        while (!trajectory.IsDone)
        {
            var canvas = prompt.Memo(trajectory.State).At(trajectory.Seen, trajectory.Sigma);
            if ((trajectory.ReadsRows && trajectory.Reads) || !canvas.Has(trajectory.Need))
            {
                if (!canvas.IsPending) _queue.Add(prompt, canvas);
                canvas.Wait(trajectory);
                return;
            }
            trajectory.Advance(canvas, null, _tempered, _buffers);
        }
        trajectory.Finish(options.Trace, _finished);
        prompt.End();
    }
}
