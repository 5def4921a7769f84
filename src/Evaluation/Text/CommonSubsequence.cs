using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// Longest common subsequences; 64 rows of a column are one word (Crochemore et al. 2001, Hyyrö 2004): a zero bit is a row where
/// the length is one more than in the row above. Eight words are computed at once.
/// </summary>
/// <param name="narrowFrom">From so many cells on, sequences that differ little are looked for in a band along the diagonal first.</param>
internal sealed class CommonSubsequence(long narrowFrom = SequencePair.NarrowFrom)
{
    readonly Wavefront _table = new();
    ulong[] _states = [];
    byte[] _edges = [];

    /// <summary>The length of the longest common subsequence of two sequences of numbers from 0.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public int Length(ReadOnlySpan<int> first, ReadOnlySpan<int> second, CancellationToken cancellation = default)
    {
        var pair = new SequencePair(first, second);
        if (pair.Columns.IsEmpty) return pair.Common;
        foreach (int band in pair.Bands(narrowFrom))
        {
            // A path goes no further from the diagonal than there are symbols that it leaves out.
            int length = (int)_table.Last<Cells>(pair.Rows, pair.Columns, band, cancellation);
            if (pair.Rows.Length + pair.Columns.Length - 2L * length <= band) return pair.Common + length;
        }
        return pair.Common + (int)_table.Last<Cells>(pair.Rows, pair.Columns, int.MaxValue, cancellation);
    }

    /// <summary>
    /// Marks the positions in <paramref name="first"/> of one longest common subsequence: the one that is read from the ends,
    /// where in <paramref name="first"/> is gone back if that loses nothing. The strips' edges are kept, a bit a column, and
    /// each strip is computed again when the way back comes to it: memory is a sixty-fourth of the table's bytes.
    /// </summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public void Mark(ReadOnlySpan<int> first, ReadOnlySpan<int> second, Span<bool> marked, CancellationToken cancellation = default)
    {
        while (first.Length > 0 && second.Length > 0 && first[^1] == second[^1])
        {
            marked[first.Length - 1] = true;
            first = first[..^1];
            second = second[..^1];
        }
        if (first.IsEmpty || second.IsEmpty) return;
        int columns = second.Length, strips = (first.Length + Wavefront.StripRows - 1) / Wavefront.StripRows;
        long bytes = (columns + 7) / 8;
        if (_edges.Length < bytes * (strips - 1)) _edges = new byte[bytes * (strips - 1)];
        if (_states.Length < (columns + Wavefront.Lanes) * (long)Wavefront.Lanes)
            _states = new ulong[2L * (columns + Wavefront.Lanes) * Wavefront.Lanes];
        var edge = _table.Edge<Cells>(columns);
        for (int strip = 0, top = 0; strip < strips - 1; strip++)
        {
            int bottom = Wavefront.Bottom(top, first.Length);
            _table.Strip<Cells>(first[top..bottom], second, edge, [], cancellation);
            Pack(edge, _edges.AsSpan((int)(strip * bytes), (int)bytes));
            top = bottom;
        }
        for (int strip = strips - 1, i = first.Length, j = columns; strip >= 0 && i > 0 && j > 0; strip--)
        {
            int top = strip == 0 ? 0 : first.Length - (strips - strip) * Wavefront.StripRows;
            if (strip == 0) edge.Clear();
            else Unpack(_edges.AsSpan((int)((strip - 1) * bytes), (int)bytes), edge);
            int bottom = Wavefront.Bottom(top, first.Length);
            _table.Strip<Cells>(first[top..bottom], second[..j], edge[..j], _states, cancellation);
            int padding = Wavefront.StripRows - (bottom - top);
            while (i > top && j > 0)
            {
                if (first[i - 1] == second[j - 1])
                {
                    marked[--i] = true;
                    j--;
                }
                else if (IsZero(j - 1, padding + i - 1 - top)) j--;
                else i--;
            }
        }
    }

    bool IsZero(int column, int row) => (_states[(long)(column + row / 64) * Wavefront.Lanes + row / 64] >> (row % 64) & 1) == 0;

    static void Pack(ReadOnlySpan<byte> edge, Span<byte> bits)
    {
        bits.Clear();
        for (int i = 0; i < edge.Length; i++) bits[i / 8] |= (byte)(edge[i] << (i % 8));
    }

    static void Unpack(ReadOnlySpan<byte> bits, Span<byte> edge)
    {
        for (int i = 0; i < edge.Length; i++) edge[i] = (byte)(bits[i / 8] >> (i % 8) & 1);
    }

    struct Cells : IWavefrontCells<Cells>
    {
        Vector512<ulong> _column;

        public static byte Outside => 0;

        public readonly Vector512<ulong> State => _column;

        public static Cells Begin(Vector512<ulong> padding) => new() { _column = Vector512<ulong>.AllBitsSet };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<ulong> Step(Vector512<ulong> equal, Vector512<ulong> above)
        {
            Vector512<ulong> match = _column & equal, sum = _column + match + above;
            var below = (match | (_column & ~sum)) >>> 63; // the sum's carry
            _column = sum | (_column & ~equal);
            return below;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // a call would keep the cells in memory
        public void Keep(Vector512<ulong> begun, in Cells before) => _column = Vector512.ConditionalSelect(begun, _column, before._column);
    }
}
