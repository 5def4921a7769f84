using System.Buffers;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// Byte-pair merging: of all neighbours that merge the pair of the lowest rank is merged first, the leftmost of equal ranks,
/// until none is left. Up to a word's length the next one is searched for; more are merged in n log n time.
/// </summary>
internal sealed class MergeTable
{
    /// <summary>
    /// Words of more UTF-16 code units aren't the library's: it takes merged symbols out of an array one at a time, so that its
    /// time grows with the square of the length (more than a minute for a word of a mebibyte).
    /// </summary>
    public const int LongestForLibrary = 100;

    /// <summary>Up to this many symbols searching is faster than keeping order.</summary>
    const int LongestSearched = 64;

    const int Gone = int.MinValue;

    static readonly (int Rank, int Merged) s_none = (int.MaxValue, -1);

    readonly Dictionary<long, (int Rank, int Merged)> _pairs = [];

    /// <summary>The table of a vocabulary's merges.</summary>
    /// <param name="ids">Tokens with their ids; all that is merged and comes of it among them.</param>
    /// <param name="merges">"left right", the first to be merged first.</param>
    public static MergeTable Of(IReadOnlyDictionary<string, int> ids, IReadOnlyList<string> merges)
    {
        var table = new MergeTable();
        for (int rank = 0; rank < merges.Count; rank++)
        {
            int space = merges[rank].IndexOf(' ', StringComparison.Ordinal);
            string left = merges[rank][..space], right = merges[rank][(space + 1)..];
            table.Add(ids[left], ids[right], rank, ids[left + right]);
        }
        return table;
    }

    /// <summary>Adds a pair; the first of equal pairs counts.</summary>
    /// <param name="left">The left symbol; at least 0.</param>
    /// <param name="right">The right symbol; at least 0.</param>
    /// <param name="rank">When it is merged: the lower, the earlier.</param>
    /// <param name="merged">What it becomes; at least 0.</param>
    public void Add(int left, int right, int rank, int merged) => _pairs.TryAdd(Pair(left, right), (rank, merged));

    /// <summary>Merges symbols in place.</summary>
    /// <param name="symbols">The symbols; negative ones never merge.</param>
    /// <param name="never">A symbol that nothing is merged to; -1 for none.</param>
    /// <returns>How many are left; they stand at the beginning.</returns>
    public int Merge(Span<int> symbols, int never = -1) =>
        symbols.Length <= LongestSearched ? MergeFew(symbols, never) : MergeMany(symbols, never);

    int MergeFew(Span<int> symbols, int never)
    {
        Span<(int Rank, int Merged)> found = stackalloc (int, int)[LongestSearched]; // of a symbol with the next one
        int count = symbols.Length;
        for (int i = 0; i + 1 < count; i++) found[i] = Find(symbols[i], symbols[i + 1], never);
        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
                if (found[i].Rank < found[best].Rank) best = i;
            if (found[best].Merged < 0) break;
            symbols[best] = found[best].Merged;
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            found[(best + 1)..(count - 1)].CopyTo(found[best..]);
            count--;
            if (best + 1 < count) found[best] = Find(symbols[best], symbols[best + 1], never);
            if (best > 0) found[best - 1] = Find(symbols[best - 1], symbols[best], never);
        }
        return count;
    }

    int MergeMany(Span<int> symbols, int never)
    {
        int count = symbols.Length;
        int[] links = ArrayPool<int>.Shared.Rent(2 * count + 2);
        Span<int> next = links.AsSpan(0, count + 1), previous = links.AsSpan(count + 1, count + 1);
        // The pair's symbols, to tell later whether it still stands there, and its order: rank and place.
        var queue = new PriorityQueue<long, long>(count);
        for (int i = 0; i < count; i++)
        {
            (next[i], previous[i]) = (i + 1, i - 1);
            if (i + 1 < count) Offer(symbols, i, i + 1);
        }
        while (queue.TryDequeue(out long pair, out long order))
        {
            int left = (int)order, right = next[left];
            if (right >= count || Pair(symbols[left], symbols[right]) != pair) continue;
            symbols[left] = _pairs[pair].Merged;
            symbols[right] = Gone;
            next[left] = next[right];
            previous[next[left]] = left;
            if (previous[left] >= 0) Offer(symbols, previous[left], left);
            if (next[left] < count) Offer(symbols, left, next[left]);
        }
        int kept = 0;
        for (int i = 0; i < count; i = next[i]) symbols[kept++] = symbols[i];
        ArrayPool<int>.Shared.Return(links);
        return kept;

        void Offer(Span<int> symbols, int left, int right)
        {
            var found = Find(symbols[left], symbols[right], never);
            if (found.Merged >= 0) queue.Enqueue(Pair(symbols[left], symbols[right]), (long)found.Rank << 32 | (uint)left);
        }
    }

    (int Rank, int Merged) Find(int left, int right, int never) =>
        (left | right) >= 0 && _pairs.TryGetValue(Pair(left, right), out var found) && found.Merged != never ? found : s_none;

    // An odd factor keeps pairs apart and spreads them: the runtime's hash of a long is its halves' exclusive or.
    static long Pair(int left, int right) => unchecked(((long)left << 32 | (uint)right) * (long)0x9E3779B97F4A7C15);
}
