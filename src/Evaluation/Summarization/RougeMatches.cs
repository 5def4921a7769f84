using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>Counts what an output has in common with a reference.</summary>
internal sealed class RougeMatches
{
    readonly NgramTrie _trie = new();
    readonly CommonSubsequence _subsequence = new();
    readonly RougeUnion _union = new();

    /// <summary>The number of matches.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public int Count(RougeVariant variant, RougeText reference, RougeText hypothesis, CancellationToken cancellation = default) =>
        variant switch
        {
            RougeVariant.Rouge1 => Common(reference.All, hypothesis.All, 1),
            RougeVariant.Rouge2 => Common(reference.All, hypothesis.All, 2),
            RougeVariant.RougeL => _subsequence.Length(reference.All, hypothesis.All, cancellation),
            _ => Union(reference, hypothesis, cancellation),
        };

    /// <summary>n-grams that both have, each as often as the one that has it less often.</summary>
    int Common(ReadOnlySpan<int> reference, ReadOnlySpan<int> hypothesis, int order)
    {
        _trie.Clear();
        for (int i = 0; i + order <= reference.Length; i++) _trie.First(_trie.Node(reference.Slice(i, order)))++;
        int common = 0;
        for (int i = 0; i + order <= hypothesis.Length; i++)
        {
            ref int left = ref _trie.First(_trie.Node(hypothesis.Slice(i, order)));
            if (left <= 0) continue;
            left--;
            common++;
        }
        return common;
    }

    /// <summary>
    /// The words of the reference's lines that are in the longest common subsequence with some line of the output; a word counts
    /// at most as often as both texts have it.
    /// </summary>
    int Union(RougeText reference, RougeText hypothesis, CancellationToken cancellation)
    {
        var marked = _union.Marks(reference, hypothesis, _subsequence, cancellation);
        // A marked word is in the reference once more than the marked ones before it, so the output's count alone is the limit.
        _trie.Clear();
        foreach (int word in hypothesis.All) _trie.First(_trie.Child(NgramTrie.Root, word))++;
        int hits = 0;
        for (int i = 0; i < marked.Length; i++)
        {
            if (!marked[i]) continue;
            ref int left = ref _trie.First(_trie.Child(NgramTrie.Root, reference.Words[i]));
            if (left <= 0) continue;
            left--;
            hits++;
        }
        return hits;
    }
}

/// <summary>
/// The words of a reference's lines that are in the longest common subsequence with some line of an output. Lines are compared
/// only where that can mark another word: equal lines once, and no line without a word that is still unmarked.
/// </summary>
internal sealed class RougeUnion
{
    readonly NgramTrie _lines = new(); // by a line's words: one more than the output's first such line, and than the reference's
    readonly List<(int Line, int Next)> _places = []; // the output's lines that have a word, chained
    int[] _heads = []; // by word, its first place; -1 for none
    int[] _tried = []; // by the output's line, one more than the last line of the reference that it was compared with
    bool[] _marked = [];

    /// <summary>For each word of the reference whether it is in such a subsequence (words); valid until the next call.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public ReadOnlySpan<bool> Marks(RougeText reference, RougeText hypothesis, CommonSubsequence subsequence,
        CancellationToken cancellation)
    {
        int count = reference.Words.Count;
        if (_marked.Length < count) _marked = new bool[2 * count];
        var marked = _marked.AsSpan(0, count);
        marked.Clear();
        Index(reference, hypothesis);
        for (int r = 0; r < reference.Lines; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            var line = reference.Line(r);
            var own = marked.Slice(reference.Start(r), line.Length);
            ref int known = ref _lines.Second(_lines.Node(line));
            if (known > 0) marked.Slice(reference.Start(known - 1), line.Length).CopyTo(own);
            else Mark(line, own, r, hypothesis, subsequence, cancellation);
            if (known == 0) known = r + 1;
        }
        return marked;
    }

    void Mark(ReadOnlySpan<int> line, Span<bool> marked, int number, RougeText hypothesis, CommonSubsequence subsequence,
        CancellationToken cancellation)
    {
        for (int i = 0; i < line.Length; i++)
        {
            for (int place = _heads[line[i]]; place >= 0 && !marked[i]; place = _places[place].Next)
            {
                int other = _places[place].Line;
                if (_tried[other] == number + 1) continue;
                _tried[other] = number + 1;
                subsequence.Mark(line, hypothesis.Line(other), marked, cancellation);
            }
        }
    }

    /// <summary>Finds the output's different lines by their words.</summary>
    void Index(RougeText reference, RougeText hypothesis)
    {
        int words = 0;
        foreach (int word in reference.All) words = Math.Max(words, word + 1);
        foreach (int word in hypothesis.All) words = Math.Max(words, word + 1);
        if (_heads.Length < words) _heads = new int[2 * words];
        if (_tried.Length < hypothesis.Lines) _tried = new int[2 * hypothesis.Lines];
        _heads.AsSpan(0, words).Fill(-1);
        _tried.AsSpan(0, hypothesis.Lines).Clear();
        _lines.Clear();
        _places.Clear();
        for (int h = 0; h < hypothesis.Lines; h++)
        {
            ref int known = ref _lines.First(_lines.Node(hypothesis.Line(h)));
            if (known > 0) continue;
            known = h + 1;
            foreach (int word in hypothesis.Line(h))
            {
                if (_heads[word] >= 0 && _places[_heads[word]].Line == h) continue;
                _places.Add((h, _heads[word]));
                _heads[word] = _places.Count - 1;
            }
        }
    }
}
