namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// The loop of BPE training: the most frequent pair of neighbours becomes a piece, again and again. Pair counts are kept up
/// to date over the words that change; a heap with lazy entries gives the next pair. Ties go to the pair that comes first
/// in the order of its two pieces' spellings.
/// </summary>
/// <remarks>
/// A merge is made everywhere at once, and what happens inside an occurrence of a piece does not depend on what stands
/// around it. So no piece is spelled in two ways, a pair grows only while its newer piece is made, and none comes back.
/// </remarks>
internal sealed class PairMerger
{
    readonly List<(int[] Symbols, int Length, long Count)> _words = [];
    readonly List<string> _pieces = [];
    readonly Dictionary<long, Pair> _pairs = [];
    readonly PriorityQueue<(int Left, int Right), (long Count, string Left, string Right)> _heap =
        new(Comparer<(long Count, string Left, string Right)>.Create(Compare));
    readonly HashSet<long> _grown = [];

    sealed class Pair
    {
        public long Count;
        public readonly List<int> Words = []; // every word that has the pair, perhaps some that no longer have it
    }

    /// <param name="words">Unique words as bytes, with how often each occurs.</param>
    public PairMerger(IReadOnlyList<(byte[] Bytes, long Count)> words)
    {
        for (int b = 0; b < 256; b++) AddPiece(ByteAlphabet.CharacterOf((byte)b).ToString());
        foreach (var (bytes, count) in words)
        {
            var symbols = Array.ConvertAll(bytes, b => (int)b);
            for (int i = 0; i + 1 < symbols.Length; i++) Change(symbols[i], symbols[i + 1], count, _words.Count);
            _words.Add((symbols, symbols.Length, count));
        }
        PushGrown();
    }

    /// <summary>The 256 bytes, then the merged pieces in order, in GPT-2's spelling.</summary>
    public IReadOnlyList<string> Pieces => _pieces;

    /// <summary>"left right", in order.</summary>
    public List<string> Merges { get; } = [];

    /// <summary>Merges until there are <paramref name="size"/> pieces or no pair occurs twice.</summary>
    public void Run(int size, CancellationToken cancellationToken)
    {
        while (_pieces.Count < size && _heap.TryDequeue(out var top, out var priority))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var pair = _pairs[Key(top.Left, top.Right)];
            if (pair.Count != priority.Count)
            {
                // Stale: other merges have taken some of its occurrences. A pair has one entry at a time; this is the next.
                Push(top.Left, top.Right, pair.Count);
                continue;
            }
            Merges.Add(_pieces[top.Left] + " " + _pieces[top.Right]);
            int merged = AddPiece(_pieces[top.Left] + _pieces[top.Right]);
            foreach (int word in pair.Words) MergeIn(word, top.Left, top.Right, merged);
            _pairs.Remove(Key(top.Left, top.Right));
            PushGrown();
        }
    }

    void MergeIn(int index, int left, int right, int merged)
    {
        var (symbols, length, count) = _words[index];
        int to = 0;
        for (int from = 0; from < length; from++, to++)
        {
            if (from + 1 >= length || symbols[from] != left || symbols[from + 1] != right)
            {
                symbols[to] = symbols[from];
                continue;
            }
            Change(left, right, -count, index);
            if (to > 0)
            {
                Change(symbols[to - 1], left, -count, index);
                Change(symbols[to - 1], merged, count, index);
            }
            if (from + 2 < length)
            {
                Change(right, symbols[from + 2], -count, index);
                Change(merged, symbols[from + 2], count, index);
            }
            symbols[to] = merged;
            from++;
        }
        _words[index] = (symbols, to, count);
    }

    void Change(int left, int right, long by, int word)
    {
        long key = Key(left, right);
        if (!_pairs.TryGetValue(key, out var pair)) _pairs.Add(key, pair = new Pair());
        pair.Count += by;
        if (by <= 0) return;
        if (pair.Words.Count == 0 || pair.Words[^1] != word) pair.Words.Add(word);
        _grown.Add(key);
    }

    void PushGrown()
    {
        foreach (long key in _grown) Push((int)(key >> 32), (int)key, _pairs[key].Count);
        _grown.Clear();
    }

    void Push(int left, int right, long count)
    {
        if (count >= 2) _heap.Enqueue((left, right), (count, _pieces[left], _pieces[right]));
    }

    int AddPiece(string spelling)
    {
        _pieces.Add(spelling);
        return _pieces.Count - 1;
    }

    static int Compare((long Count, string Left, string Right) a, (long Count, string Left, string Right) b)
    {
        int order = b.Count.CompareTo(a.Count);
        if (order == 0) order = string.CompareOrdinal(a.Left, b.Left);
        return order != 0 ? order : string.CompareOrdinal(a.Right, b.Right);
    }

    static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
