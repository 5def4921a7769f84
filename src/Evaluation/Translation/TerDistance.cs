namespace DiffusionBatch.Evaluation.Translation;

/// <summary>
/// TER's edit distance: Levenshtein's in a band along the diagonal, as sacreBLEU computes it, with the alignment that its order
/// of preference (keep or substitute, then delete, then insert) gives. After a shift only the rows from its first word on are
/// new. Memory is the band's.
/// </summary>
internal sealed class TerDistance
{
    /// <summary>More than any distance; with 1 added it is cut back to this.</summary>
    const int Infinity = 1 << 30;

    enum Edit : byte { Keep, Substitute, Delete, Insert }

    readonly TerBand _band = new();
    int[] _reference = [];
    int[] _costs = [];  // the band's cells, row after row
    Edit[] _edits = []; // likewise
    int[] _from = [], _to = [];
    int _rows;

    /// <summary>Whether a word of the hypothesis is changed or taken out (hypothesis).</summary>
    public bool[] WrongWords { get; private set; } = [];

    /// <summary>Whether a word of the reference is changed or put in (reference).</summary>
    public bool[] WrongReferences { get; private set; } = [];

    /// <summary>For each word of the reference the hypothesis' word that it stands at or after; -1 before the first (reference).</summary>
    public int[] Alignment { get; private set; } = [];

    /// <summary>Begins with a reference and the number of words of every hypothesis to come.</summary>
    public void Begin(ReadOnlySpan<int> reference, int words)
    {
        int columns = reference.Length + 1;
        _rows = words + 1;
        _band.Lay(reference.Length, words);
        if (_reference.Length < columns)
            (_reference, WrongReferences, Alignment) = (new int[2 * columns], new bool[2 * columns], new int[2 * columns]);
        if (_from.Length < _band.Widest) (_from, _to) = (new int[2 * _band.Widest], new int[2 * _band.Widest]);
        if (WrongWords.Length < _rows) WrongWords = new bool[2 * _rows];
        if (_costs.Length < _band.Cells) (_costs, _edits) = (new int[2 * _band.Cells], new Edit[2 * _band.Cells]);
        reference.CopyTo(_reference);
        var first = Costs(0);
        for (int j = 0; j < first.Length; j++) (first[j], _edits[j]) = (j, Edit.Insert);
    }

    /// <summary>The distance; the alignment is left in <see cref="Alignment"/> and the arrays beside it.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public int Align(ReadOnlySpan<int> words, CancellationToken cancellation = default)
    {
        for (int i = 1; i < _rows; i++)
        {
            if (i % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            Row(words[i - 1], i, Costs(i - 1), Costs(i));
            Choose(words[i - 1], i);
        }
        Trace();
        return Costs(_rows - 1)[^1];
    }

    /// <summary>The distance of the aligned words after a change.</summary>
    /// <param name="words">The changed words.</param>
    /// <param name="first">The first word that differs from those that were aligned.</param>
    /// <param name="last">The end of those that differ.</param>
    /// <param name="limit">Above it any number above it may be returned.</param>
    public int After(ReadOnlySpan<int> words, int first, int last, int limit)
    {
        ReadOnlySpan<int> from = Costs(first);
        var (to, next) = (_from, _to);
        for (int i = first + 1; i < _rows; i++)
        {
            var known = Costs(i);
            var row = to.AsSpan(0, known.Length);
            if (Row(words[i - 1], i, from, row) > limit) return limit + 1;
            // From a row that is as it was but for one number, everything goes on as it did but for this number.
            if (i >= last && Difference(row, known) is { } difference) return Costs(_rows - 1)[^1] + difference;
            from = row;
            (to, next) = (next, to);
        }
        return from[^1];
    }

    /// <summary>By how much all cells of a row that can be reached differ from those of another; null where it isn't the same.</summary>
    static int? Difference(ReadOnlySpan<int> row, ReadOnlySpan<int> known)
    {
        int? difference = null;
        for (int j = 0; j < row.Length; j++)
        {
            if (known[j] == Infinity || row[j] == Infinity)
            {
                if (known[j] != row[j]) return null;
            }
            else if ((difference ??= row[j] - known[j]) != row[j] - known[j])
            {
                return null;
            }
        }
        return difference;
    }

    Span<int> Costs(int row) => _costs.AsSpan(_band[row].Cell, _band[row].Width);

    /// <summary>Fills a row and returns the least of it.</summary>
    int Row(int word, int i, ReadOnlySpan<int> above, Span<int> row)
    {
        var band = _band[i];
        int shift = band.Low - _band[i - 1].Low, least = Infinity, left = Infinity;
        if (band.Start > band.Low) row[0] = Infinity;
        for (int j = band.Start; j < band.End; j++)
        {
            int at = j - band.Low, cost = Math.Min(above[at + shift], left) + 1;
            if (j > 0) cost = Math.Min(cost, above[at + shift - 1] + (word == _reference[j - 1] ? 0 : 1));
            cost = Math.Min(cost, Infinity);
            row[at] = left = cost;
            least = Math.Min(least, cost);
        }
        row[(band.End - band.Low)..].Fill(Infinity);
        return least;
    }

    /// <summary>Notes each cell's edit: the first in the order of preference that gives its cost.</summary>
    void Choose(int word, int i)
    {
        var band = _band[i];
        ReadOnlySpan<int> above = Costs(i - 1), row = Costs(i);
        int shift = band.Low - _band[i - 1].Low;
        for (int j = band.Start; j < band.End; j++)
        {
            int at = j - band.Low;
            bool same = j > 0 && word == _reference[j - 1];
            _edits[band.Cell + at] = j > 0 && row[at] == above[at + shift - 1] + (same ? 0 : 1) ? same ? Edit.Keep : Edit.Substitute
                : row[at] == above[at + shift] + 1 ? Edit.Delete : Edit.Insert;
        }
    }

    void Trace()
    {
        int i = _rows - 1, j = _band[i].End - 1;
        while (i > 0 || j > 0)
        {
            Edit edit = _edits[_band[i].Cell + j - _band[i].Low];
            bool wrong = edit != Edit.Keep;
            if (edit != Edit.Delete) (Alignment[j - 1], WrongReferences[j - 1]) = (i - 1, wrong);
            if (edit != Edit.Insert) WrongWords[i - 1] = wrong;
            if (edit != Edit.Delete) j--;
            if (edit != Edit.Insert) i--;
        }
    }
}

/// <summary>
/// The cells that TER's edit distance looks at: in each row 25 to either side of the diagonal from nothing to both ends, more
/// where the reference is so much longer that rows would not touch; the last row goes to its end.
/// </summary>
internal sealed class TerBand
{
    const int Beam = 25;

    TerBandRow[] _rows = [];

    /// <summary>The cells of all rows.</summary>
    public int Cells { get; private set; }

    /// <summary>The cells of the widest row.</summary>
    public int Widest { get; private set; }

    /// <summary>A row; row 0 is of no words.</summary>
    public ref readonly TerBandRow this[int row] => ref _rows[row];

    /// <summary>Lays the band for a reference and a hypothesis of so many words.</summary>
    public void Lay(int reference, int words)
    {
        if (_rows.Length < words + 2) _rows = new TerBandRow[2 * (words + 2)];
        double ratio = words == 0 ? 1 : (double)reference / words;
        int beam = Beam < ratio / 2 ? (int)Math.Ceiling(ratio / 2 + Beam) : Beam;
        (Cells, Widest) = (0, 0);
        for (int i = 0; i <= words; i++)
        {
            int start = i == 0 ? 0 : Start(i), end = End(i);
            // A row has room for what the next one reads beside the band: a cell before it and those up to its end.
            int low = Math.Max(0, start - 1), width = (i < words ? Math.Max(end, End(i + 1)) : end) - low;
            _rows[i] = new TerBandRow(start, end, low, width, Cells);
            Cells = checked(Cells + width);
            Widest = Math.Max(Widest, width);
        }

        int Start(int row) => Math.Max(0, (int)Math.Floor(row * ratio) - beam);
        int End(int row) => row == words ? reference + 1 : row == 0 ? 0 : Math.Min(reference + 1, (int)Math.Floor(row * ratio) + beam);
    }
}

/// <summary>A row of TER's band.</summary>
/// <param name="Start">Its first column.</param>
/// <param name="End">The column after its last.</param>
/// <param name="Low">The first column that there is a cell for.</param>
/// <param name="Width">The number of cells.</param>
/// <param name="Cell">Its first cell.</param>
internal readonly record struct TerBandRow(int Start, int End, int Low, int Width, int Cell);
