namespace Microsoft.ML.Tokenizers;

/// <summary>The merges by their pair of ids, and the merging of one piece: lowest rank first, leftmost among equals.</summary>
internal sealed class MergeTable
{
    /// <summary>Up to this many symbols a scan for the lowest rank beats a heap.</summary>
    const int ScanLimit = 96;

    readonly Dictionary<long, (int Rank, int Id)> _merges = [];

    /// <exception cref="ArgumentException">A merge is there twice.</exception>
    /// <exception cref="InvalidOperationException">A line is not two tokens, or a token is not in the vocabulary.</exception>
    public MergeTable(IEnumerable<string> lines, Dictionary<string, int> vocabulary)
    {
        int rank = 0;
        foreach (string line in lines)
        {
            int space = line?.IndexOf(' ') ?? -1;
            if (space < 0 || space == line!.Length - 1 || line.IndexOf(' ', space + 1) >= 0)
                throw new InvalidOperationException($"Merge {rank + 1} is not two tokens with one space between: '{line}'.");
            string left = line[..space], right = line[(space + 1)..];
            _merges.Add(Key(Id(left), Id(right)), (rank++, Id(left + right)));
        }

        int Id(string token) => vocabulary.TryGetValue(token, out int id) ? id
            : throw new InvalidOperationException($"Trying to merge a token '{token}' which does not exist in the vocabulary.");
    }

    /// <summary>Merges symbols in place.</summary>
    /// <param name="symbols">Ids of the smallest units.</param>
    /// <returns>How many are left at the front.</returns>
    public int Merge(Span<int> symbols) => symbols.Length <= ScanLimit ? MergeByScan(symbols) : MergeByHeap(symbols);

    int MergeByScan(Span<int> symbols)
    {
        int count = symbols.Length;
        if (count < 2) return count;
        Span<(int Rank, int Id)> pairs = stackalloc (int, int)[ScanLimit]; // pairs[i]: what symbols i and i + 1 become
        for (int i = 0; i + 1 < count; i++) pairs[i] = Find(symbols[i], symbols[i + 1]);
        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
                if (pairs[i].Rank < pairs[best].Rank) best = i;
            if (pairs[best].Rank == int.MaxValue) break;

            symbols[best] = pairs[best].Id;
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            count--;
            if (best + 1 < count) pairs[(best + 2)..count].CopyTo(pairs[(best + 1)..]);
            if (best > 0) pairs[best - 1] = Find(symbols[best - 1], symbols[best]);
            if (best + 1 < count) pairs[best] = Find(symbols[best], symbols[best + 1]);
        }
        return count;
    }

    int MergeByHeap(Span<int> symbols)
    {
        int n = symbols.Length;
        var next = new int[n];
        var previous = new int[n];
        var heap = new PriorityQueue<(int At, int Left, int Right, int Id), (int Rank, int At)>();
        for (int i = 0; i < n; i++) (previous[i], next[i]) = (i - 1, i + 1);
        for (int i = 0; i + 1 < n; i++) Push(symbols, i, i + 1);

        while (heap.TryDequeue(out var merge, out _))
        {
            int right = next[merge.At];
            // Stale: one of the two has been merged away or has changed since.
            if (symbols[merge.At] != merge.Left || right >= n || symbols[right] != merge.Right) continue;
            symbols[merge.At] = merge.Id;
            symbols[right] = -1;
            next[merge.At] = next[right];
            if (next[merge.At] < n)
            {
                previous[next[merge.At]] = merge.At;
                Push(symbols, merge.At, next[merge.At]);
            }
            if (previous[merge.At] >= 0) Push(symbols, previous[merge.At], merge.At);
        }

        int count = 0;
        for (int i = 0; i < n; i = next[i]) symbols[count++] = symbols[i];
        return count;

        void Push(Span<int> ids, int left, int right)
        {
            var (rank, id) = Find(ids[left], ids[right]);
            if (rank != int.MaxValue) heap.Enqueue((left, ids[left], ids[right], id), (rank, left));
        }
    }

    (int Rank, int Id) Find(int left, int right) => _merges.TryGetValue(Key(left, right), out var merge) ? merge : (int.MaxValue, 0);

    static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
