namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>A corpus as numbers per segment, from whose sums a score is made: what resampling draws from.</summary>
/// <param name="width">Numbers per segment.</param>
public sealed class SegmentTable(int width)
{
    readonly List<string> _ids = [];
    double[] _rows = [];

    /// <summary>Numbers per segment.</summary>
    public int Width => width;

    /// <summary>The number of segments.</summary>
    public int Count => _ids.Count;

    /// <summary>The segments' ids, in the order of their coming.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>A segment's numbers.</summary>
    public ReadOnlySpan<double> this[int segment] => _rows.AsSpan(segment * width, width);

    /// <summary>Takes in a segment.</summary>
    public void Add(string id, ReadOnlySpan<double> segment)
    {
        int at = _ids.Count * width;
        if (at + width > _rows.Length) Array.Resize(ref _rows, Math.Max(64 * width, 2 * _rows.Length));
        segment.CopyTo(_rows.AsSpan(at, width));
        _ids.Add(id);
    }

    /// <summary>The segments' numbers, row after row (count, width), in an order that depends on the numbers alone.</summary>
    public double[] ByContent()
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        Array.Sort(order, (a, b) => this[a].SequenceCompareTo(this[b]));
        return Rows(order);
    }

    /// <summary>The numbers of the given segments, row after row (order, width).</summary>
    public double[] Rows(ReadOnlySpan<int> order)
    {
        var rows = new double[order.Length * width];
        for (int i = 0; i < order.Length; i++) this[order[i]].CopyTo(rows.AsSpan(i * width));
        return rows;
    }
}
