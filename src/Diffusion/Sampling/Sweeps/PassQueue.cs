namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>The canvases that wait for the model, and which of them go together: the oldest item's first, filled up with those nearest in length.</summary>
internal sealed class PassQueue
{
    readonly List<PendingPass> waiting = [];
    long order;

    /// <summary>Canvases waiting.</summary>
    public int Count => waiting.Count;

    /// <summary>Their tokens.</summary>
    public long Tokens { get; private set; }

    /// <summary>Adds a canvas that isn't waiting yet.</summary>
    public void Add(ItemRun item, Canvas canvas)
    {
        var pass = new PendingPass(item, canvas, order++);
        waiting.Add(pass);
        Tokens += pass.Length;
    }

    /// <summary>
    /// Takes the next batch: at least one canvas, and then as long as columns times rows stay within the budget and at most a
    /// quarter of it is padding. The oldest item is always in it, so no item waits for ever.
    /// </summary>
    /// <param name="budget">Tokens, padding included.</param>
    public List<PendingPass> Take(int budget)
    {
        var oldest = waiting.MinBy(p => (p.Item.Index, p.Order))!;
        waiting.Sort((a, b) =>
        {
            int byLength = Math.Abs(a.Length - oldest.Length).CompareTo(Math.Abs(b.Length - oldest.Length));
            int byItem = byLength != 0 ? byLength : a.Item.Index.CompareTo(b.Item.Index);
            return byItem != 0 ? byItem : a.Order.CompareTo(b.Order);
        });
        int columns = 0, taken = 0;
        long tokens = 0;
        foreach (var pass in waiting)
        {
            int wider = Math.Max(columns, pass.Length);
            long area = (long)wider * (taken + 1);
            if (taken > 0 && (area > budget || 4 * (tokens + pass.Length) < 3 * area)) break;
            columns = wider;
            tokens += pass.Length;
            taken++;
        }
        var batch = waiting.GetRange(0, taken);
        waiting.RemoveRange(0, taken);
        Tokens -= tokens;
        return batch;
    }
}
