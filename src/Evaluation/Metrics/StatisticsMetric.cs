using System.Globalization;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>
/// A metric whose corpus score is a function of sums of numbers per segment, which most are: BLEU's and chrF's counts, hits,
/// lengths, sums of segment scores. Without an interval the memory needed does not depend on the number of segments; with
/// one, each segment's numbers are kept.
/// </summary>
public abstract class StatisticsMetric : IResampledMetric, IItemMetric
{
    readonly BootstrapOptions? _bootstrap;
    readonly SegmentTable? _table;
    readonly double[] _sums;
    readonly double[] _rest; // what rounding took from the sums, so that the order of segments does not show in them
    readonly double[] _segment;
    int? _references; // -1: their number varies

    /// <param name="spec">The metric; its label is the name under which the report shows it.</param>
    /// <param name="width">Numbers per segment.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    protected StatisticsMetric(MetricSpec spec, int width, BootstrapOptions? bootstrap)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Name = spec.Label;
        _sums = new double[width];
        _rest = new double[width];
        _segment = new double[width];
        if (bootstrap is { Resamples: > 0 }) (_bootstrap, _table) = (bootstrap, new SegmentTable(width));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Number of segments so far.</summary>
    public long Segments { get; private set; }

    /// <summary>Ends the work on the item at hand.</summary>
    protected CancellationToken Cancellation { get; private set; }

    /// <summary>Which of two scores is the better.</summary>
    protected virtual MetricDirection Better => MetricDirection.Higher;

    /// <summary>The sums so far.</summary>
    protected ReadOnlySpan<double> Sums
    {
        get
        {
            var sums = new double[_sums.Length];
            for (int i = 0; i < sums.Length; i++) sums[i] = _sums[i] + _rest[i];
            return sums;
        }
    }

    /// <inheritdoc/>
    public void Add(string hypothesis, IReadOnlyList<string> references) => Add(new MetricItem("", hypothesis, references));

    /// <inheritdoc/>
    public void Add(in MetricItem item)
    {
        ArgumentNullException.ThrowIfNull(item.Hypothesis);
        ArgumentNullException.ThrowIfNull(item.References);
        int references = item.References.Count;
        if (references == 0) throw new ArgumentException($"Segment {Segments + 1} has no reference.", nameof(item));
        _references = _references is null || _references == references ? references : -1;
        Cancellation = item.Cancellation;
        Measure(item, _segment);
        for (int i = 0; i < _sums.Length; i++) Sum(ref _sums[i], ref _rest[i], _segment[i]);
        _table?.Add(item.Id, _segment);
        Segments++;
    }

    /// <inheritdoc/>
    public MetricScore Score()
    {
        string references = _references switch { null => "1", -1 => "var", int n => n.ToString(CultureInfo.InvariantCulture) };
        var interval = _table is null ? null : Bootstrap.Interval(_table, _bootstrap!, Evaluate);
        return new MetricScore(Evaluate(Sums), Signature(references), interval?.Low, interval?.High)
        {
            Better = Better,
            Spread = Spread(Sums),
            Perplexity = Perplexity(Sums),
            Conventions = Conventions(Sums)
        };
    }

    /// <inheritdoc/>
    public double LastItem => Evaluate(_segment);

    SegmentTable? IResampledMetric.Table() => _table;

    double IResampledMetric.Evaluate(ReadOnlySpan<double> sums) => Evaluate(sums);

    /// <summary>Writes one item's numbers.</summary>
    /// <param name="item">The item.</param>
    /// <param name="statistics">All of it is to be written.</param>
    protected virtual void Measure(in MetricItem item, Span<double> statistics) => Measure(item.Hypothesis, item.References, statistics);

    /// <summary>Writes one segment's numbers; for metrics of texts alone.</summary>
    /// <param name="hypothesis">The system's output.</param>
    /// <param name="references">At least one.</param>
    /// <param name="statistics">All of it is to be written.</param>
    protected abstract void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics);

    /// <summary>The score of sums.</summary>
    protected abstract double Evaluate(ReadOnlySpan<double> sums);

    /// <summary>The standard deviation over items, from sums; null where the score is no mean of the items'.</summary>
    protected virtual double? Spread(ReadOnlySpan<double> sums) => null;

    /// <summary>exp of the score, from sums, where that is a perplexity; null otherwise.</summary>
    protected virtual double? Perplexity(ReadOnlySpan<double> sums) => null;

    /// <summary>The score by each of the conventions in use, from sums; null where there is one alone.</summary>
    protected virtual IReadOnlyList<KeyValuePair<string, double>>? Conventions(ReadOnlySpan<double> sums) => null;

    /// <summary>The signature.</summary>
    /// <param name="references">References per segment, or "var".</param>
    protected abstract string Signature(string references);

    /// <summary>Adds with twice the precision (Knuth's two-sum).</summary>
    static void Sum(ref double sum, ref double rest, double value)
    {
        double next = sum + value, part = next - sum;
        rest += (sum - (next - part)) + (value - part);
        sum = next;
    }
}

/// <summary>A metric that is 100 times the mean of a number from 0 to 1 per item: accuracies, F1, distances by length.</summary>
/// <param name="spec">The metric; its label is the name under which the report shows it.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public abstract class MeanMetric(MetricSpec spec, BootstrapOptions? bootstrap) : StatisticsMetric(spec, 3, bootstrap)
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

    /// <summary>
    /// 100 times the standard deviation of a sample, from its sum, its sum of squares and its size; null for fewer than two.
    /// </summary>
    internal static double? Spread(double sum, double squares, double count) =>
        count < 2 ? null : 100 * Math.Sqrt(Math.Max(0, squares - sum * sum / count) / (count - 1));
}
