using System.Runtime.InteropServices;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// SQuAD's F1 over words (Rajpurkar et al. 2016), 0 to 100: the mean over items of the harmonic mean of precision and recall of
/// the words that output and reference share, each as often as both have it. Texts are normalised first; the best reference
/// counts; a text without words matches only another.
/// </summary>
/// <param name="name">The name in the report.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public sealed class TokenF1Metric(string name = "tokenF1", BootstrapOptions? bootstrap = null) : MeanMetric(name, bootstrap)
{
    readonly SquadText _text = new();
    readonly WordIds _ids = new();
    readonly NgramTrie _counts = new();
    readonly List<int> _hypothesis = [];
    readonly List<int> _reference = [];

    /// <inheritdoc/>
    protected override double Of(string hypothesis, IReadOnlyList<string> references)
    {
        _ids.Begin();
        Read(hypothesis, _hypothesis);
        double best = 0;
        for (int k = 0; k < references.Count && best < 1; k++)
        {
            Read(references[k], _reference);
            best = Math.Max(best, F1(CollectionsMarshal.AsSpan(_hypothesis), CollectionsMarshal.AsSpan(_reference)));
        }
        return best;
    }

    /// <inheritdoc/>
    protected override string Signature(string references) => $"nrefs:{references}|case:lc|norm:squad";

    double F1(ReadOnlySpan<int> hypothesis, ReadOnlySpan<int> reference)
    {
        if (hypothesis.IsEmpty || reference.IsEmpty) return hypothesis.Length == reference.Length ? 1 : 0;
        _counts.Clear();
        foreach (int word in reference) _counts.First(_counts.Child(NgramTrie.Root, word))++;
        int shared = 0;
        foreach (int word in hypothesis)
        {
            ref int left = ref _counts.First(_counts.Child(NgramTrie.Root, word));
            if (left <= 0) continue;
            left--;
            shared++;
        }
        return 2.0 * shared / (hypothesis.Length + reference.Length);
    }

    void Read(string text, List<int> words)
    {
        words.Clear();
        _ids.Split(_text.Normalize(text), words);
    }
}
