namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>
/// A run's prompts by their content; the oldest are forgotten beyond a bound, which costs passes and changes nothing else.
/// </summary>
internal sealed class PromptTable
{
    /// <summary>Tokens of prompts and responses that are kept, some tens of bytes each.</summary>
    const long KeptTokens = 1 << 17;

    readonly Dictionary<SampleItem, SharedPrompt> _known = new(new SamePrompt());
    readonly Queue<SharedPrompt> _byAge = new();
    long _tokens;

    /// <summary>An item's prompt.</summary>
    public SharedPrompt Of(SampleItem item)
    {
        if (_known.TryGetValue(item, out var known)) return known;
        var added = new SharedPrompt(item);
        _known.Add(item, added);
        _byAge.Enqueue(added);
        return added;
    }

    /// <summary>Counts what prompts have come to hold since they were asked for, and lets go of the oldest.</summary>
    public void Settle(IEnumerable<SharedPrompt> prompts)
    {
        foreach (var prompt in prompts)
        {
            _tokens += prompt.Tokens - prompt.Counted;
            prompt.Counted = prompt.Tokens;
        }
        while (_tokens > KeptTokens && _byAge.TryDequeue(out var oldest))
        {
            _known.Remove(oldest.Item);
            _tokens -= oldest.Counted;
        }
    }

    sealed class SamePrompt : IEqualityComparer<SampleItem>
    {
        public bool Equals(SampleItem? x, SampleItem? y) =>
            SameTokens.Comparer.Equals(x?.PromptIds, y?.PromptIds) && SameTokens.Comparer.Equals(x?.Holes, y?.Holes);

        public int GetHashCode(SampleItem obj) =>
            HashCode.Combine(SameTokens.Comparer.GetHashCode(obj.PromptIds), SameTokens.Comparer.GetHashCode(obj.Holes));
    }
}
