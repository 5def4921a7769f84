namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>
/// A metric whose corpus score is a function of sums of numbers per segment, which most are: BLEU's and chrF's counts, hits,
/// lengths, sums of segment scores. Without an interval the memory needed does not depend on the number of segments; with
/// one, each segment's numbers are kept.
/// </summary>
public abstract class StatisticsMetric : IMetric
{
    readonly double[] _sums;
    readonly double[] _segment;
    readonly Bootstrap? _bootstrap;
    int? _references; // -1: their number varies

    /// <param name="name">The name under which the report shows it.</param>
    /// <param name="width">Numbers per segment.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    protected StatisticsMetric(string name, int width, BootstrapOptions? bootstrap)
    {
        Name = name;
        _sums = new double[width];
        _segment = new double[width];
        _bootstrap = bootstrap is { Resamples: > 0 } ? new Bootstrap(width, bootstrap) : null;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Number of segments so far.</summary>
    public long Segments { get; private set; }

    /// <summary>The sums so far.</summary>
    protected ReadOnlySpan<double> Sums => _sums;

    /// <inheritdoc/>
    public void Add(string hypothesis, IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        ArgumentNullException.ThrowIfNull(references);
        if (references.Count == 0) throw new ArgumentException($"Segment {Segments + 1} has no reference.", nameof(references));
        _references = _references is null || _references == references.Count ? references.Count : -1;
        Measure(hypothesis, references, _segment);
        for (int i = 0; i < _sums.Length; i++) _sums[i] += _segment[i];
        _bootstrap?.Add(_segment);
        Segments++;
    }

    /// <inheritdoc/>
    public MetricScore Score()
    {
        string references = _references switch { null => "1", -1 => "var", int n => n.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        var interval = _bootstrap?.Interval(Evaluate);
        return new MetricScore(Evaluate(_sums), Signature(references), interval?.Low, interval?.High);
    }

    /// <summary>Writes one segment's numbers.</summary>
    /// <param name="hypothesis">The system's output.</param>
    /// <param name="references">At least one.</param>
    /// <param name="statistics">All of it is to be written.</param>
    protected abstract void Measure(string hypothesis, IReadOnlyList<string> references, Span<double> statistics);

    /// <summary>The score of sums.</summary>
    protected abstract double Evaluate(ReadOnlySpan<double> sums);

    /// <summary>The signature.</summary>
    /// <param name="references">References per segment, or "var".</param>
    protected abstract string Signature(string references);
}
