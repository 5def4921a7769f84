namespace DiffusionBatch.Pipeline.Results;

/// <summary>A part that isn't complete yet: the results that have come, by their place.</summary>
internal sealed class OpenPart(int size)
{
    readonly ResultRow?[] _rows = new ResultRow?[size];
    int _count;

    /// <summary>Whether all results are there.</summary>
    public bool IsFull => _count == _rows.Length;

    /// <summary>The results in input order; null where one is still to come.</summary>
    public IReadOnlyList<ResultRow?> Rows => _rows;

    /// <summary>Whether a place is taken.</summary>
    public bool Has(int place) => _rows[place] is not null;

    /// <summary>Takes a result.</summary>
    public void Set(int place, ResultRow row)
    {
        _rows[place] = row;
        _count++;
    }
}
