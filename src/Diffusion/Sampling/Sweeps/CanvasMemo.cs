using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>
/// The canvases of one prompt and one state by their content; the oldest are forgotten beyond a bound, which costs passes and changes
/// nothing else.
/// </summary>
internal sealed class CanvasMemo(CanvasState state)
{
    /// <summary>Slots kept for one prompt, some 16 bytes each.</summary>
    const int KeptSlots = 1 << 16;

    readonly Dictionary<(int[] Slots, double? Sigma), Canvas> _canvases = new(new SameCanvas());
    readonly Queue<Canvas> _byAge = new();
    int _slots;

    /// <summary>The canvas with these slots; a new one copies them.</summary>
    /// <param name="current">The slots.</param>
    /// <param name="sigma">The noise level that the network is told; null where it isn't told any.</param>
    public Canvas At(int[] current, double? sigma)
    {
        if (_canvases.TryGetValue((current, sigma), out var known)) return known;
        var added = new Canvas([.. current], state) { Sigma = sigma };
        _canvases.Add((added.Slots, sigma), added);
        _byAge.Enqueue(added);
        _slots += current.Length;
        while (_slots > KeptSlots && _byAge.TryPeek(out var oldest) && !oldest.IsPending && !ReferenceEquals(oldest, added))
        {
            _byAge.Dequeue();
            _canvases.Remove((oldest.Slots, oldest.Sigma));
            _slots -= oldest.Slots.Length;
        }
        return added;
    }

    sealed class SameCanvas : IEqualityComparer<(int[] Slots, double? Sigma)>
    {
        public bool Equals((int[] Slots, double? Sigma) x, (int[] Slots, double? Sigma) y) =>
            x.Sigma == y.Sigma && SameTokens.Comparer.Equals(x.Slots, y.Slots);

        public int GetHashCode((int[] Slots, double? Sigma) obj) => HashCode.Combine(SameTokens.Comparer.GetHashCode(obj.Slots), obj.Sigma);
    }
}
