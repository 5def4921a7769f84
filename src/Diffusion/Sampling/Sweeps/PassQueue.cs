using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>
/// The canvases that wait for the model, by the shape that they are computed in and the blocks that attention goes by: one batch holds
/// one of each, so that its size and its canvases' neighbours have no part in any number.
/// </summary>
/// <param name="denoiser">What computes them.</param>
/// <param name="mask">M.</param>
internal sealed class PassQueue(IDenoiser denoiser, int mask)
{
    /// <summary>A canvas that has seen so many batches go before it is in the next one.</summary>
    const int Patience = 16;

    readonly Dictionary<PassShape, Queue<PendingPass>> _waiting = [];
    long _taken;

    /// <summary>Canvases waiting.</summary>
    public int Count { get; private set; }

    /// <summary>Their tokens, padding included.</summary>
    public long Tokens { get; private set; }

    /// <summary>Adds a canvas that isn't waiting yet.</summary>
    public void Add(SharedPrompt prompt, Canvas canvas)
    {
        var pass = new PendingPass(prompt, canvas, _taken);
        var shape = pass.Shape(denoiser, mask);
        if (!_waiting.TryGetValue(shape, out var queue)) _waiting[shape] = queue = new Queue<PendingPass>();
        queue.Enqueue(pass);
        Tokens += shape.Columns;
        Count++;
    }

    /// <summary>
    /// Takes the next batch, at least one canvas: of the shape of which most is waiting, unless another has waited for long.
    /// So batches are full, and no item waits for ever.
    /// </summary>
    /// <param name="budget">Tokens, padding included.</param>
    public List<PendingPass> Take(int budget)
    {
        PassShape next = default;
        (bool Late, long Size, long Since) best = default;
        foreach (var (key, queue) in _waiting)
        {
            if (!queue.TryPeek(out var oldest)) continue;
            var rank = (_taken - oldest.Since >= Patience, Math.Min(budget, (long)queue.Count * key.Columns), -oldest.Since);
            if (next.Columns > 0 && rank.CompareTo(best) <= 0) continue;
            (next, best) = (key, rank);
        }
        _taken++;
        var batch = new List<PendingPass>();
        for (var queue = _waiting[next]; queue.Count > 0 && (batch.Count == 0 || (batch.Count + 1L) * next.Columns <= budget);)
            batch.Add(queue.Dequeue());
        if (_waiting[next].Count == 0) _waiting.Remove(next);
        Tokens -= (long)batch.Count * next.Columns;
        Count -= batch.Count;
        return batch;
    }
}
