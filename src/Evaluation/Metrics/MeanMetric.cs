namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>A metric that is 100 times the mean of a number from 0 to 1 per item: accuracies, F1, distances by length.</summary>
/// <param name="name">The name under which the report shows it.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public abstract class MeanMetric(string name, BootstrapOptions? bootstrap) : StatisticsMetric(name, 3, bootstrap)
{
    /// <summary>One item's number.</summary>
    /// <param name="hypothesis">The system's output.</param>
    /// <param name="references">At least one.</param>
    /// <returns>0 to 1.</returns>
    protected abstract double Of(string hypothesis, IReadOnlyList<string> references);

    // Numbers: the item's, its square, 1.
    /// <inheritdoc/>
    protected sealed override void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics)
    {
        double value = Of(hypothesis, references);
        (statistics[0], statistics[1], statistics[2]) = (value, value * value, 1);
    }

    /// <inheritdoc/>
    protected sealed override double Evaluate(ReadOnlySpan<double> sums) => sums[2] == 0 ? 0 : 100 * sums[0] / sums[2];

    /// <inheritdoc/>
    protected sealed override double? Spread(ReadOnlySpan<double> sums) => Spread(sums[0], sums[1], sums[2]);

    /// <summary>100 times the standard deviation of a sample, from its sum, its sum of squares and its size; null for fewer than two.</summary>
    internal static double? Spread(double sum, double squares, double count) =>
        count < 2 ? null : 100 * Math.Sqrt(Math.Max(0, squares - sum * sum / count) / (count - 1));
}
