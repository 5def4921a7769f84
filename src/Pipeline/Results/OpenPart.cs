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

/// <summary>One result as it will be written, with what is counted of it.</summary>
/// <param name="Line">Its line in the part file.</param>
/// <param name="Traces">Its lines in the trace file.</param>
/// <param name="Nfe">Its forward passes.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Seconds">Its computing time.</param>
/// <param name="ErrorCode">The code of its error, or null.</param>
public sealed record ResultRow(string Line, IReadOnlyList<string> Traces, long Nfe, long Tokens, double Seconds, string? ErrorCode)
{
    /// <summary>Its line in the verify file; null where it wasn't verified.</summary>
    public string? Verified { get; init; }

    /// <summary>The lines in a file beside the part.</summary>
    internal IEnumerable<string> Beside(BesideFile file) => file == BesideFile.Trace ? Traces : Verified is null ? [] : [Verified];

    /// <summary>Floating-point operations that its passes need.</summary>
    public double Flops { get; init; }
}

/// <summary>A part that was moved into place.</summary>
/// <param name="Cell">Its cell's index.</param>
/// <param name="Part">Its number.</param>
/// <param name="Cost">What it cost.</param>
/// <param name="Rows">Its results in input order.</param>
internal sealed record FinishedPart(int Cell, int Part, CellCost Cost, IReadOnlyList<ResultRow> Rows);
