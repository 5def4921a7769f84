namespace DiffusionBatch.Evaluation.Translation;

/// <summary>TER of what is in memory; <see cref="TerMetric"/> takes segments one at a time.</summary>
public static class Ter
{
    /// <summary>Corpus TER with one reference a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static TerScore Corpus(IEnumerable<string> hypotheses, IEnumerable<string> references, TerOptions? options = null) =>
        Corpus(hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), options);

    /// <summary>Corpus TER with several references a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static TerScore Corpus(IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references, TerOptions? options = null)
    {
        var metric = new TerMetric(options ?? new TerOptions());
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        return metric.Details();
    }

    /// <summary>TER of one segment.</summary>
    public static TerScore Sentence(string hypothesis, IReadOnlyList<string> references, TerOptions? options = null) =>
        Corpus([hypothesis], [references], options);
}
