namespace DiffusionBatch.Evaluation.Translation;

/// <summary>chrF of what is in memory; <see cref="ChrfMetric"/> takes segments one at a time.</summary>
public static class Chrf
{
    /// <summary>Corpus chrF with one reference a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static ChrfScore Corpus(IEnumerable<string> hypotheses, IEnumerable<string> references, ChrfOptions? options = null) =>
        Corpus(hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), options);

    /// <summary>Corpus chrF with several references a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static ChrfScore Corpus(IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references, ChrfOptions? options = null)
    {
        var metric = new ChrfMetric(options ?? new ChrfOptions());
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        var score = metric.Score();
        return new ChrfScore(score.Score, score.Signature);
    }

    /// <summary>chrF of one segment.</summary>
    public static ChrfScore Sentence(string hypothesis, IReadOnlyList<string> references, ChrfOptions? options = null) =>
        Corpus([hypothesis], [references], options);
}
