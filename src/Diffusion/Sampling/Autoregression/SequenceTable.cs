using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Autoregression;

/// <summary>The hypotheses of many searches that go through the network together: sequences of one range of lengths.</summary>
/// <param name="sequences">A row each; owned by this object.</param>
internal sealed class SequenceTable(ISequences sequences) : IDisposable
{
    readonly ISequences _sequences = sequences;
    readonly List<Row> _rows = [];
    int[] _tokens = [];

    /// <summary>Which hypothesis stands in a row.</summary>
    readonly record struct Row(Search Search, int Place);

    /// <summary>Passes of any table when this one last had its turn.</summary>
    public long Since { get; set; }

    /// <summary>The longest sequence that fits.</summary>
    public int Columns => _sequences.Columns;

    /// <summary>Hypotheses.</summary>
    public int Count => _rows.Count;

    /// <summary>Begins sequences, a row each: the tokens after them.</summary>
    public CanvasRows Begin(IReadOnlyList<int[]> prompts, bool wantsLogits) => _sequences.Begin(prompts, wantsLogits);

    /// <summary>Adds each hypothesis's last token, and has the next ones predicted. The searches' rows are where they stand.</summary>
    public (CanvasRows Predicted, List<Search> Searches) Step()
    {
        if (_tokens.Length < Count) _tokens = new int[2 * Count];
        var searches = new List<Search>();
        bool wantsLogits = false;
        for (int r = 0; r < _rows.Count; r++)
        {
            var (search, place) = _rows[r];
            _tokens[r] = search.Live[place].Token;
            search.Rows[place] = r;
            if (place == 0) searches.Add(search);
            wantsLogits |= search.WantsLogits;
        }
        return (_sequences.Step(_tokens.AsSpan(0, Count), wantsLogits), searches);
    }

    /// <summary>Takes in the hypotheses of searches that have taken a step in another table.</summary>
    public void Take(SequenceTable from, IReadOnlyList<Search> searches)
    {
        var sources = new List<int>();
        foreach (var search in searches)
            for (int place = 0; place < search.Live.Count; place++)
            {
                _rows.Add(new Row(search, place));
                sources.Add(search.Rows[place]);
            }
        _sequences.Take(from._sequences, [.. sources]);
    }

    /// <summary>Leaves the hypotheses of some searches, after their step; one whose row is free stays where it is.</summary>
    public void Settle(IEnumerable<Search> searches)
    {
        var next = new List<(Row Row, int Source)>();
        foreach (var search in searches)
            for (int place = 0; place < search.Live.Count; place++) next.Add((new Row(search, place), search.Rows[place]));
        var (sources, arranged) = (new int[next.Count], new Row?[next.Count]);
        foreach (var (row, source) in next)
            if (source < arranged.Length && arranged[source] is null) (arranged[source], sources[source]) = (row, source);
        int free = 0;
        foreach (var (row, source) in next)
        {
            if (source < arranged.Length && arranged[source] == row) continue;
            while (arranged[free] is not null) free++;
            (arranged[free], sources[free]) = (row, source);
        }
        _sequences.Arrange(sources);
        _rows.Clear();
        foreach (var row in arranged) _rows.Add(row!.Value);
    }

    /// <inheritdoc/>
    public void Dispose() => _sequences.Dispose();
}
