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
    public int Count(RougeVariant variant, RougeText reference, RougeText hypothesis, CancellationToken cancellation = default) => variant switch
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
