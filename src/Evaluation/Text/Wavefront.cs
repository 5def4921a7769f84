using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// Goes through the table of two sequences in strips of 512 rows, 64 rows a word and eight words at once: each word is a column
/// behind the one above it, so that all of them know what they need. Memory is some bytes a column, whatever the symbols are;
/// what lies far from the diagonal can be left out.
/// </summary>
internal sealed class Wavefront
{
    /// <summary>Words of a strip.</summary>
    public const int Lanes = 8;

    /// <summary>Rows of a strip.</summary>
    public const int StripRows = 64 * Lanes;

    /// <summary>Steps between looks at cancellation: about a millisecond.</summary>
    const int Patience = 1 << 16;

    readonly ulong[] _table =
        new ulong[(StripRows + 1) * Lanes]; // by symbol of the strip, the rows that have it; row 0 is of those that it lacks
    readonly List<int> _symbols = [];
    int[] _rows = new int[256]; // by symbol, its row of the table
    int[] _places = [];         // by column, its symbol's row, Lanes - 1 columns of nothing to either side
    byte[] _edge = [];

    /// <summary>
    /// The table's last cell. Cells further than a band from the diagonal are left out, as if nothing ever matched there; a
    /// path that stays within the band is found.
    /// </summary>
    /// <param name="first">The rows' symbols, numbers from 0.</param>
    /// <param name="second">The columns' symbols, numbers from 0.</param>
    /// <param name="band">At least the difference of the lengths.</param>
    /// <param name="cancellation">Ends the work.</param>
    public long Last<TCells>(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int band, CancellationToken cancellation)
        where TCells : struct, IWavefrontCells<TCells>
    {
        var edge = Edge<TCells>(second.Length);
        long value = 0; // of the cell above and left of the strip
        int from = 0;
        for (int top = 0; top < first.Length;)
        {
            int bottom = Bottom(top, first.Length), next = Math.Max(0, top - band);
            value += Sum(edge[from..next]);
            from = next;
            int to = (int)Math.Min(second.Length, (long)bottom + band);
            Strip<TCells>(first[top..bottom], second[from..to], edge[from..to], [], cancellation);
            value += TCells.Outside * (bottom - top);
            top = bottom;
        }
        return value + Sum(edge[from..]);
    }

    /// <summary>What a table's upper edge is: each cell's difference from its left neighbour.</summary>
    public Span<byte> Edge<TCells>(int columns) where TCells : struct, IWavefrontCells<TCells>
    {
        if (_edge.Length < columns) _edge = new byte[Math.Max(columns, 2 * _edge.Length)];
        var edge = _edge.AsSpan(0, columns);
        edge.Fill(TCells.Outside);
        return edge;
    }

    /// <summary>
    /// The end of the strip that begins at a row: the first strip takes what doesn't fill one, so that all others are full.
    /// </summary>
    public static int Bottom(int top, int rows) => top > 0 ? top + StripRows : (rows - 1) % StripRows + 1;

    /// <summary>Goes through one strip.</summary>
    /// <param name="rows">Its symbols, up to <see cref="StripRows"/>.</param>
    /// <param name="columns">The columns' symbols.</param>
    /// <param name="edge">(columns) each cell's difference from its left neighbour, of the row above; then of the last row.</param>
    /// <param name="states">(columns + Lanes - 1, Lanes) takes the states: a column's word l stands at column + l; or nothing.</param>
    /// <param name="cancellation">Ends the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // the few calls for long texts would all run unoptimised
    public void Strip<TCells>(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, Span<byte> edge, Span<ulong> states,
        CancellationToken cancellation) where TCells : struct, IWavefrontCells<TCells>
    {
        int padding = StripRows - rows.Length, steps = columns.Length + Lanes - 1;
        Read(rows, padding);
        if (_places.Length < steps + Lanes - 1) _places = new int[2 * (steps + Lanes - 1)];
        int[] rowOf = _rows;
        ref ulong table = ref MemoryMarshal.GetArrayDataReference(_table);
        ref int places = ref MemoryMarshal.GetArrayDataReference(_places);
        _places.AsSpan(0, Lanes - 1).Clear();
        var belowFirst = Vector512.Create(0, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue,
            ulong.MaxValue);
        var cells = TCells.Begin(Top(padding));
        var below = Vector512<ulong>.Zero;
        for (int step = 0; step < steps; step++)
        {
            if (step % Patience == 0) cancellation.ThrowIfCancellationRequested();
            var above = Turn(below);
            if (step >= Lanes) edge[step - Lanes] = (byte)above.ToScalar();
            bool inside = step < columns.Length;
            Unsafe.Add(ref places, step + Lanes - 1) = inside && columns[step] is var symbol && symbol < rowOf.Length ? rowOf[symbol] : 0;
            above = (above & belowFirst) | Vector512.CreateScalar(inside ? edge[step] : 0UL);
            var equal = Diagonal(ref table, ref Unsafe.Add(ref places, step));
            if (step < Lanes - 1)
            {
                var before = cells;
                below = cells.Step(equal, above);
                cells.Keep(FirstWords(step + 1), before);
            }
            else
            {
                below = cells.Step(equal, above);
            }
            if (!states.IsEmpty) cells.State.CopyTo(states[(step * Lanes)..]);
        }
        if (steps >= Lanes) edge[^1] = (byte)below.GetElement(Lanes - 1);
    }

    /// <summary>A sum of differences.</summary>
    static long Sum(ReadOnlySpan<byte> edge) => edge.Count((byte)1) - edge.Count((byte)2);

    void Read(ReadOnlySpan<int> rows, int padding)
    {
        // Those of the strip before, which may have been cancelled.
        foreach (int symbol in _symbols) _rows[symbol] = 0;
        _symbols.Clear();
        _table.AsSpan(0, Lanes).Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            int symbol = rows[i], place = padding + i;
            if (symbol >= _rows.Length) Array.Resize(ref _rows, Math.Max(symbol + 1, 2 * _rows.Length));
            if (_rows[symbol] == 0)
            {
                _symbols.Add(symbol);
                _rows[symbol] = Lanes * _symbols.Count;
                _table.AsSpan(_rows[symbol], Lanes).Clear();
            }
            _table[_rows[symbol] + place / 64] |= 1UL << (place % 64);
        }
    }

    /// <summary>
    /// Each word's rows that have the symbol of the word's column; the columns stand in <paramref name="places"/>, the last word's first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Diagonal(ref ulong table, ref int places)
    {
        const ulong all = ulong.MaxValue;
        var odd = Vector512.Create(0, all, 0, all, 0, all, 0, all);
        var pairs = Vector512.Create(0, 0, all, all, 0, 0, all, all);
        var half = Vector512.Create(0, 0, 0, 0, all, all, all, all);
        var first = Vector512.ConditionalSelect(odd, Load(ref table, ref places, 6), Load(ref table, ref places, 7));
        var second = Vector512.ConditionalSelect(odd, Load(ref table, ref places, 4), Load(ref table, ref places, 5));
        var third = Vector512.ConditionalSelect(odd, Load(ref table, ref places, 2), Load(ref table, ref places, 3));
        var fourth = Vector512.ConditionalSelect(odd, Load(ref table, ref places, 0), Load(ref table, ref places, 1));
        return Vector512.ConditionalSelect(half, Vector512.ConditionalSelect(pairs, fourth, third),
            Vector512.ConditionalSelect(pairs, second, first));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Load(ref ulong table, ref int places, int column) =>
        Vector512.LoadUnsafe(ref table, (nuint)Unsafe.Add(ref places, column));

    /// <summary>Each word's number handed to the word below it, the last one's to the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Turn(Vector512<ulong> words)
    {
        if (Vector512.IsHardwareAccelerated) return Vector512.Shuffle(words, Vector512.Create(7UL, 0, 1, 2, 3, 4, 5, 6));
        Vector256<ulong> low = words.GetLower(), high = words.GetUpper();
        if (Vector256.IsHardwareAccelerated)
        {
            var turnedLow = Vector256.Shuffle(low, Vector256.Create(3UL, 0, 1, 2));
            var turnedHigh = Vector256.Shuffle(high, Vector256.Create(3UL, 0, 1, 2));
            return Vector512.Create(turnedLow.WithElement(0, turnedHigh.ToScalar()), turnedHigh.WithElement(0, turnedLow.ToScalar()));
        }
        return Vector512.Create(high.GetElement(3), low.GetElement(0), low.GetElement(1), low.GetElement(2), low.GetElement(3),
            high.GetElement(0), high.GetElement(1), high.GetElement(2));
    }

    static Vector512<ulong> FirstWords(int count)
    {
        Span<ulong> words = stackalloc ulong[Lanes];
        words.Clear();
        words[..count].Fill(ulong.MaxValue);
        return Vector512.Create<ulong>(words);
    }

    /// <summary>The uppermost rows of a strip.</summary>
    static Vector512<ulong> Top(int rows)
    {
        Span<ulong> words = stackalloc ulong[Lanes];
        words.Clear();
        words[..(rows / 64)].Fill(ulong.MaxValue);
        if (rows % 64 > 0) words[rows / 64] = (1UL << (rows % 64)) - 1;
        return Vector512.Create<ulong>(words);
    }
}

/// <summary>
/// The cells of a table of two sequences that one step of a <see cref="Wavefront"/> computes: eight words of 64 rows, each one
/// column behind the word above it. Neighbours in a row differ by 0, 1 (up) or 2 (down by one).
/// </summary>
/// <typeparam name="TSelf">The cells.</typeparam>
internal interface IWavefrontCells<TSelf> where TSelf : struct, IWavefrontCells<TSelf>
{
    /// <summary>By how much neighbours differ along the table's upper and left edges, and beyond a band.</summary>
    static abstract byte Outside { get; }

    /// <summary>The cells at a strip's left edge.</summary>
    /// <param name="padding">The rows above the table, which must hand on what comes from above.</param>
    static abstract TSelf Begin(Vector512<ulong> padding);

    /// <summary>How each row differs from the one above it.</summary>
    Vector512<ulong> State { get; }

    /// <summary>Goes on by one column.</summary>
    /// <param name="equal">The rows whose symbols are the words' columns'.</param>
    /// <param name="above">For each word, how the row above it differs from its left neighbour.</param>
    /// <returns>The same for each word's last row.</returns>
    Vector512<ulong> Step(Vector512<ulong> equal, Vector512<ulong> above);

    /// <summary>Takes a step back for the words that have not begun.</summary>
    /// <param name="begun">The words that have.</param>
    /// <param name="before">The cells before the step.</param>
    void Keep(Vector512<ulong> begun, in TSelf before);
}

/// <summary>Two sequences to compare by a table, without what they have in common at their ends; either of them may be the rows.</summary>
internal readonly ref struct SequencePair
{
    /// <summary>Tables of so many cells take some milliseconds; smaller ones are not worth a second try.</summary>
    public const long NarrowFrom = 1 << 24;

    /// <summary>Takes two sequences.</summary>
    public SequencePair(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        int common = first.CommonPrefixLength(second);
        first = first[common..];
        second = second[common..];
        int ends = 0;
        while (ends < first.Length && ends < second.Length && first[^(ends + 1)] == second[^(ends + 1)]) ends++;
        first = first[..^ends];
        second = second[..^ends];
        Common = common + ends;
        // Columns are steps and rows are done 512 at a time: rows are to be the longer sequence.
        Rows = first.Length >= second.Length ? first : second;
        Columns = first.Length >= second.Length ? second : first;
    }

    /// <summary>The longer sequence.</summary>
    public ReadOnlySpan<int> Rows { get; }

    /// <summary>The shorter one.</summary>
    public ReadOnlySpan<int> Columns { get; }

    /// <summary>How many symbols at the start and at the end were the same.</summary>
    public int Common { get; }

    /// <summary>The bands to try before the whole table: together a fourteenth of its work at most.</summary>
    /// <param name="narrowFrom">The cells of a table that is worth it.</param>
    public IEnumerable<int> Bands(long narrowFrom) =>
        (long)Rows.Length * Columns.Length < narrowFrom ? [] : Worthwhile(Rows.Length, Columns.Length);

    static IEnumerable<int> Worthwhile(int rows, int columns)
    {
        foreach (int share in (int[])[256, 32])
            if (rows / share is var band && band > rows - columns) yield return band;
    }
}
