using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>
/// A number of each sequence of tokens, averaged over sequences, with its standard deviation, as Deschenaux and Gulcehre
/// (2024, table 4) report diversity. Sequences without tokens, or too short for the number, are left out.
/// </summary>
public abstract class SequenceMetric : StatisticsMetric
{
    readonly TokenSource _source;

    /// <param name="spec">The metric with its settings.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    protected SequenceMetric(MetricSpec spec, BootstrapOptions? bootstrap) : base(spec, 3, bootstrap) => _source = new TokenSource(spec);

    /// <inheritdoc/>
    protected override MetricDirection Better => MetricDirection.Neither;

    /// <summary>The tokens that a sequence must have at least to have a number, 1 or more.</summary>
    protected virtual int Shortest => 1;

    /// <summary>The number of one sequence.</summary>
    /// <param name="tokens">(n) at least <see cref="Shortest"/> tokens, as numbers from 0.</param>
    protected abstract double Of(ReadOnlySpan<int> tokens);

    /// <summary>What the signature says beyond the tokens.</summary>
    protected abstract string Options { get; }

    /// <inheritdoc/>
    protected override void Measure(in MetricItem item, Span<double> statistics)
    {
        var tokens = _source.Tokens(item);
        bool counts = tokens.Length >= Shortest;
        double value = counts ? Of(tokens) : 0;
        (statistics[0], statistics[1], statistics[2]) = (value, value * value, counts ? 1 : 0);
    }

    /// <inheritdoc/>
    protected override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics) =>
        Measure(new MetricItem("", hypothesis, references), statistics);

    /// <inheritdoc/>
    protected override double Evaluate(ReadOnlySpan<double> sums) => sums[2] == 0 ? 0 : sums[0] / sums[2];

    /// <inheritdoc/>
    protected override double? Spread(ReadOnlySpan<double> sums)
    {
        double count = sums[2], mean = Evaluate(sums);
        return count < 2 ? null : Math.Sqrt(Math.Max(0, (sums[1] - count * mean * mean) / (count - 1)));
    }

    /// <inheritdoc/>
    protected override string Signature(string references) => $"{_source.Signature}|{Options}|level:sequence";
}
