namespace DiffusionBatch.Evaluation.Translation;

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
