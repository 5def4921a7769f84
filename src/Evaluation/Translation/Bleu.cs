namespace DiffusionBatch.Evaluation.Translation;

/// <summary>BLEU of what is in memory; <see cref="BleuMetric"/> takes segments one at a time.</summary>
public static class Bleu
{
    /// <summary>Corpus BLEU with one reference a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static BleuScore Corpus(IEnumerable<string> hypotheses, IEnumerable<string> references, BleuOptions? options = null) =>
        Corpus(hypotheses, references.Select(r => (IReadOnlyList<string>)[r]), options);

    /// <summary>Corpus BLEU with several references a segment.</summary>
    /// <exception cref="ArgumentException">There are more of the ones than of the others, or a segment has no reference.</exception>
    public static BleuScore Corpus(IEnumerable<string> hypotheses, IEnumerable<IReadOnlyList<string>> references, BleuOptions? options = null)
    {
        var metric = new BleuMetric(options ?? new BleuOptions());
        foreach (var (hypothesis, reference) in Segments.Pair(hypotheses, references)) metric.Add(hypothesis, reference);
        return metric.Details();
    }

    /// <summary>BLEU of one segment; effective order is what one wants here.</summary>
    public static BleuScore Sentence(string hypothesis, IReadOnlyList<string> references, BleuOptions? options = null) =>
        Corpus([hypothesis], [references], options ?? new BleuOptions { EffectiveOrder = true });
}
