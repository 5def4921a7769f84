using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// Levenshtein's distance: the fewest insertions, deletions and substitutions that make one sequence of the other. 64 rows of
/// a column are one word (Myers 1999, with Hyyrö's treatment of several words), eight words are computed at once.
/// </summary>
/// <param name="narrowFrom">From so many cells on, sequences that differ little are looked for in a band along the diagonal first.</param>
internal sealed class EditDistance(long narrowFrom = SequencePair.NarrowFrom)
{
    readonly Wavefront _table = new();

    /// <summary>The distance of two sequences of numbers from 0.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public int Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second, CancellationToken cancellation = default)
    {
        var pair = new SequencePair(first, second);
        if (pair.Columns.IsEmpty) return pair.Rows.Length;
        foreach (int band in pair.Bands(narrowFrom))
        {
            // A path of this cost goes no further from the diagonal than the cost.
            int distance = (int)_table.Last<Cells>(pair.Rows, pair.Columns, band, cancellation);
            if (distance <= band) return distance;
        }
        return (int)_table.Last<Cells>(pair.Rows, pair.Columns, int.MaxValue, cancellation);
    }

    /// <summary>Rows that are one more, and one less, than the row above.</summary>
    struct Cells : IWavefrontCells<Cells>
    {
        Vector512<ulong> _rises, _falls;

        public static byte Outside => 1;

        public readonly Vector512<ulong> State => _rises;

        // A row that falls hands a rise above it on, as the padding has to.
        public static Cells Begin(Vector512<ulong> padding) => new() { _rises = ~padding, _falls = padding };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<ulong> Step(Vector512<ulong> equal, Vector512<ulong> above)
        {
            Vector512<ulong> rise = above & Vector512<ulong>.One, fall = above >>> 1;
            var vertical = equal | _falls;
            var match = equal | fall;
            var horizontal = (((match & _rises) + _rises) ^ _rises) | match;
            Vector512<ulong> risen = _falls | ~(horizontal | _rises), fallen = _rises & horizontal;
            var below = (risen >>> 63) | ((fallen >>> 62) & Vector512.Create(2UL));
            risen = (risen << 1) | rise;
            fallen = (fallen << 1) | fall;
            _rises = fallen | ~(vertical | risen);
            _falls = risen & vertical;
            return below;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // a call would keep the cells in memory
        public void Keep(Vector512<ulong> begun, in Cells before)
        {
            _rises = Vector512.ConditionalSelect(begun, _rises, before._rises);
            _falls = Vector512.ConditionalSelect(begun, _falls, before._falls);
        }
    }
}
