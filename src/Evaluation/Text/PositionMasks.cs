namespace DiffusionBatch.Evaluation.Text;

/// <summary>For each symbol of a pattern, the positions where it stands, as bits: what bit-parallel comparisons look up.</summary>
internal sealed class PositionMasks
{
    int[] _rows = new int[256]; // by symbol; row 0 is of those that the pattern lacks
    ulong[] _bits = new ulong[64];
    int _count = 1;
    readonly List<int> _symbols = [];

    /// <summary>Words of 64 positions.</summary>
    public int Words { get; private set; }

    /// <summary>Reads a pattern; the one before is forgotten.</summary>
    /// <param name="pattern">Numbers from 0; the table is as long as the highest.</param>
    public void Read(ReadOnlySpan<int> pattern)
    {
        foreach (int symbol in _symbols) _rows[symbol] = 0;
        _symbols.Clear();
        Words = (pattern.Length + 63) / 64;
        _count = 1;
        Clear(0);
        for (int i = 0; i < pattern.Length; i++)
        {
            int symbol = pattern[i];
            if (symbol >= _rows.Length) Array.Resize(ref _rows, Math.Max(symbol + 1, 2 * _rows.Length));
            if (_rows[symbol] == 0)
            {
                _symbols.Add(symbol);
                Clear(_rows[symbol] = _count++);
            }
            _bits[_rows[symbol] * Words + i / 64] |= 1UL << (i % 64);
        }
    }

    /// <summary>A symbol's positions, the first in the lowest bit (Words).</summary>
    public ReadOnlySpan<ulong> this[int symbol] => _bits.AsSpan(symbol < _rows.Length ? _rows[symbol] * Words : 0, Words);

    void Clear(int row)
    {
        int end = (row + 1) * Words;
        if (end > _bits.Length) Array.Resize(ref _bits, Math.Max(end, 2 * _bits.Length));
        Array.Clear(_bits, row * Words, Words);
    }
}
