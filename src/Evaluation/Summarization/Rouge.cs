using DiffusionBatch.Evaluation.Translation;

namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>ROUGE of what is in memory; <see cref="RougeMetric"/> takes segments one at a time.</summary>
public static class Rouge
{
    /// <summary>The mean over segments with one reference each.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static RougeScore Corpus(RougeVariant variant, IEnumerable<string> hypotheses, IEnumerable<string> references, bool stemmer = false) =>
        Corpus(variant, hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), stemmer);

    /// <summary>The mean over segments with several references each, of which the best counts.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static RougeScore Corpus(RougeVariant variant, IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references, bool stemmer = false)
    {
        var metric = new RougeMetric(variant, stemmer);
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        return metric.Details();
    }

    /// <summary>ROUGE of one segment.</summary>
    public static RougeScore Sentence(RougeVariant variant, string hypothesis, IReadOnlyList<string> references, bool stemmer = false) =>
        Corpus(variant, [hypothesis], [references], stemmer);
}
