using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>
/// ROUGE (Lin 2004) as the rouge_score package computes it, a segment at a time: the mean of the segments' F. With several
/// references the one with the highest F counts, the first of equals.
/// </summary>
public sealed class RougeMetric : StatisticsMetric
{
    readonly RougeVariant _variant;
    readonly bool _stemmer;
    readonly RougeWords _words;
    readonly RougeMatches _matches = new();
    readonly RougeText _hypothesis = new();
    readonly RougeText _reference = new();

    /// <param name="variant">What counts as a match.</param>
    /// <param name="stemmer">Whether words are compared by their stems (Porter's).</param>
    /// <param name="name">The name in the report; null for the variant's.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    public RougeMetric(RougeVariant variant, bool stemmer = false, string? name = null, BootstrapOptions? bootstrap = null)
        : base(name ?? char.ToLowerInvariant(variant.ToString()[0]) + variant.ToString()[1..], 5, bootstrap)
    {
        (_variant, _stemmer) = (variant, stemmer);
        _words = new RougeWords(stemmer);
    }

    /// <summary>The score so far with precision and recall.</summary>
    public RougeScore Details() => new(Mean(Sums, 0), Mean(Sums, 1), Mean(Sums, 2), Score().Signature);

    // Numbers: precision, recall, F, its square, 1.
    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics)
    {
        _words.Begin();
        bool lines = _variant == RougeVariant.RougeLsum;
        _hypothesis.Read(hypothesis, _words, lines);
        double best = -1;
        for (int k = 0; k < references.Count; k++)
        {
            _reference.Read(references[k], _words, lines);
            int matches = _matches.Count(_variant, _reference, _hypothesis), shorter = _variant == RougeVariant.Rouge2 ? 1 : 0;
            double precision = Share(matches, _hypothesis.Words.Count - shorter), recall = Share(matches, _reference.Words.Count - shorter);
            double f = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
            if (f <= best) continue;
            best = f;
            (statistics[0], statistics[1], statistics[2], statistics[3], statistics[4]) = (precision, recall, f, f * f, 1);
        }
    }

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) => Mean(sums, 2);

    /// <inheritdoc/>
    protected override double? Spread(ReadOnlySpan<double> sums) => MeanMetric.Spread(sums[2], sums[3], sums[4]);

    /// <inheritdoc/>
    protected override string Signature(string references) => $"nrefs:{references}|case:lc|tok:rouge_score|stem:{(_stemmer ? "yes" : "no")}|agg:mean";

    static double Mean(ReadOnlySpan<double> sums, int of) => sums[4] == 0 ? 0 : 100 * sums[of] / sums[4];

    static double Share(int matches, int count) => (double)matches / Math.Max(1, count);
}
