using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>
/// The outputs' tokens over the references' (1 is as long as the references, under 1 is shorter). Of several references the
/// closest in length counts, the shorter of two as close, as in BLEU.
/// </summary>
[Strategy("lengthRatio", "words of the texts by words of the references",
    Settings = ["tokenize=13a|intl|char|none|zh", nameof(MetricSpec.References)])]
public sealed class LengthRatioMetric : StatisticsMetric
{
    readonly SegmentTokenizer _tokenizer;

    /// <param name="spec">The metric with its settings.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    public LengthRatioMetric(MetricSpec spec, BootstrapOptions? bootstrap) : base(spec, 2, bootstrap) =>
        _tokenizer = SegmentTokenizer.Create(spec.Tokenize);

    /// <inheritdoc/>
    protected override MetricDirection Better => MetricDirection.Neither;

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics)
    {
        int length = Length(hypothesis);
        statistics[0] = length;
        int closest = -1;
        for (int k = 0; k < references.Count; k++)
        {
            int candidate = Length(references[k]), further = Math.Abs(candidate - length) - Math.Abs(closest - length);
            if (closest < 0 || further < 0 || (further == 0 && candidate < closest)) closest = candidate;
        }
        statistics[1] = closest;
    }

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) => sums[1] == 0 ? 0 : sums[0] / sums[1];

    /// <inheritdoc/>
    protected override string Signature(string references) => $"nrefs:{references}|tok:{_tokenizer.Name}";

    int Length(string segment)
    {
        int position = 0, count = 0;
        var tokens = _tokenizer.Tokenize(PythonText.TrimEnd(segment));
        while (PythonText.NextWord(tokens, ref position, out _)) count++;
        return count;
    }
}
