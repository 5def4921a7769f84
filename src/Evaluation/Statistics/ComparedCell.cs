using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>One cell's side of its comparisons under a metric.</summary>
internal sealed class ComparedCell
{
    readonly IResampledMetric _metric;
    readonly SegmentTable _table;
    readonly BootstrapOptions _options;
    readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    double[]? _drawn; // the scores of corpora drawn from all items, which most pairs share

    /// <param name="cell">Its name.</param>
    /// <param name="metric">The metric, after all items.</param>
    /// <param name="score">Its score over all its items.</param>
    /// <param name="table">Its items.</param>
    /// <param name="options">Seed and number of resamples.</param>
    public ComparedCell(string cell, IResampledMetric metric, MetricScore score, SegmentTable table, BootstrapOptions options)
    {
        (Cell, Score, _metric, _table, _options) = (cell, score, metric, table, options);
        for (int i = 0; i < table.Count; i++) _places[table.Ids[i]] = i;
    }

    /// <summary>The cell's name.</summary>
    public string Cell { get; }

    /// <summary>Its score over all its items.</summary>
    public MetricScore Score { get; }

    /// <summary>Numbers per item.</summary>
    public int Width => _table.Width;

    /// <summary>The ids that both have, in ordinal order.</summary>
    public static string[] Common(ComparedCell first, ComparedCell second)
    {
        string[] common = [.. first._places.Keys.Where(second._places.ContainsKey)];
        Array.Sort(common, StringComparer.Ordinal);
        return common;
    }

    /// <summary>The score of sums.</summary>
    public double Evaluate(ReadOnlySpan<double> sums) => _metric.Evaluate(sums);

    /// <summary>The items' numbers (ids, width).</summary>
    public double[] Rows(string[] ids) => _table.Rows(Array.ConvertAll(ids, id => _places[id]));

    /// <summary>The score of items (n, width).</summary>
    public double Of(double[] rows)
    {
        var sums = new double[Width];
        for (int i = 0; i < rows.Length; i++) sums[i % Width] += rows[i];
        return Evaluate(sums);
    }

    /// <summary>The scores of corpora drawn from items (n, width).</summary>
    public double[] Drawn(string[] ids, double[] rows) =>
        ids.Length < _places.Count ? Bootstrap.Scores(rows, Width, _options, Evaluate) : _drawn ??= Bootstrap.Scores(rows, Width, _options, Evaluate);
}
