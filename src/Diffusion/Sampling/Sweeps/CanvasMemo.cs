using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>The canvases of one item and one state by their content; the oldest are forgotten beyond a bound, which costs passes and changes nothing else.</summary>
internal sealed class CanvasMemo(CanvasState state)
{
    /// <summary>Slots kept for one item, some 16 bytes each.</summary>
    const int KeptSlots = 1 << 16;

    readonly Dictionary<int[], Canvas> canvases = new(SameTokens.Comparer);
    readonly Queue<Canvas> byAge = new();
    int slots;

    /// <summary>The canvas with these slots; a new one copies them.</summary>
    public Canvas At(int[] current)
    {
        if (canvases.TryGetValue(current, out var known)) return known;
        var added = new Canvas([.. current], state);
        canvases.Add(added.Slots, added);
        byAge.Enqueue(added);
        slots += current.Length;
        while (slots > KeptSlots && byAge.TryPeek(out var oldest) && !oldest.IsPending && !ReferenceEquals(oldest, added))
        {
            byAge.Dequeue();
            canvases.Remove(oldest.Slots);
            slots -= oldest.Slots.Length;
        }
        return added;
    }
}
