namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Ids of pieces seen before: a fixed number of slots, a newcomer takes the place of the one in its slot. Entries are
/// immutable and replaced by one reference write, so any number of threads may read and write without a lock.
/// </summary>
internal sealed class PieceCache
{
    const int Slots = 1 << 15;

    /// <summary>Longer pieces are rare and not kept, in UTF-16 code units.</summary>
    public const int MaximumLength = 40;

    readonly Entry?[] _slots = new Entry?[Slots];

    public bool TryGet(ReadOnlySpan<char> piece, out int[] ids)
    {
        if (_slots[Slot(piece)] is { } entry && piece.SequenceEqual(entry.Piece))
        {
            ids = entry.Ids;
            return true;
        }
        ids = [];
        return false;
    }

    public void Set(ReadOnlySpan<char> piece, int[] ids) => Volatile.Write(ref _slots[Slot(piece)], new Entry(piece.ToString(), ids));

    static int Slot(ReadOnlySpan<char> piece) => string.GetHashCode(piece) & (Slots - 1);

    sealed record Entry(string Piece, int[] Ids);
}
