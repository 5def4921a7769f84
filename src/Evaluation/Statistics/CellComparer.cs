using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>
/// Compares cells item by item under every metric whose items were kept. Items are put in the order of their ids, so that
/// the order of lines makes no difference; p-values are corrected for the number of comparisons of a metric.
/// </summary>
public sealed class CellComparer
{
    readonly ComparisonOptions _options;
    readonly BootstrapOptions _draws;

    /// <param name="options">What is compared and how.</param>
    public CellComparer(ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _draws = new BootstrapOptions(options.Seed, options.Resamples);
    }

    /// <summary>The comparisons, metric by metric in the order of the first cell's.</summary>
    /// <param name="cells">Each cell's name and its metrics, after all items.</param>
    public IReadOnlyList<CellComparison> Run(IReadOnlyList<(string Cell, IReadOnlyList<ScoredMetric> Metrics)> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (_options.Compare == ComparedCells.None || _options.Resamples == 0 || cells.Count < 2) return [];
        var comparisons = new List<CellComparison>();
        foreach (string name in cells[0].Metrics.Select(m => m.Metric.Name))
        {
            var sides = new List<CellSide>();
            foreach (var (cell, metrics) in cells)
            {
                if (metrics.FirstOrDefault(m => m.Metric.Name == name) is { Metric: IResampledMetric metric, Score: { } score }
                    && metric.Table() is { Count: > 0 } table)
                    sides.Add(new CellSide(cell, metric, score, table, _draws));
            }
            comparisons.AddRange(Correct([.. Pairs(sides).Select(pair => Compare(name, pair.First, pair.Second))]));
        }
        return comparisons;
    }

    IEnumerable<(CellSide First, CellSide Second)> Pairs(List<CellSide> cells)
    {
        if (_options.Compare == ComparedCells.All)
            return cells.SelectMany((first, i) => cells.Skip(i + 1).Select(second => (first, second)));
        if (cells.Count < 2 || cells[0].Score.Better == MetricDirection.Neither) return [];
        bool higher = cells[0].Score.Better == MetricDirection.Higher;
        var best = cells[0];
        foreach (var cell in cells)
            if (higher ? cell.Score.Score > best.Score.Score : cell.Score.Score < best.Score.Score) best = cell;
        return cells.Where(c => c != best).Select(c => (best, c));
    }

    CellComparison? Compare(string metric, CellSide first, CellSide second)
    {
        string[] common = CellSide.Common(first, second);
        if (common.Length == 0) return null;
        double[] ofFirst = first.Rows(common), ofSecond = second.Rows(common);
        double difference = first.Of(ofFirst) - second.Of(ofSecond);
        var (p, low, high) = PairedBootstrap.Test(first.Drawn(common, ofFirst), second.Drawn(common, ofSecond), difference);
        double randomized = ApproximateRandomization.Test(ofFirst, ofSecond, first.Width, _draws, first.Evaluate);
        return new CellComparison(metric, first.Cell, second.Cell, common.Length, difference, low, high, new PairedTest(p, p),
            new PairedTest(randomized, randomized));
    }

    static IEnumerable<CellComparison> Correct(IReadOnlyList<CellComparison?> found)
    {
        CellComparison[] comparisons = [.. found.OfType<CellComparison>()];
        double[] drawn = BenjaminiHochberg.Correct([.. comparisons.Select(c => c.Bootstrap.P)]);
        double[] swapped = BenjaminiHochberg.Correct([.. comparisons.Select(c => c.Randomization.P)]);
        return comparisons.Select((c, i) => c with
        {
            Bootstrap = c.Bootstrap with { Corrected = drawn[i] },
            Randomization = c.Randomization with { Corrected = swapped[i] },
        });
    }
}

/// <summary>One cell's side of its comparisons under a metric.</summary>
internal sealed class CellSide
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
    public CellSide(string cell, IResampledMetric metric, MetricScore score, SegmentTable table, BootstrapOptions options)
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
    public static string[] Common(CellSide first, CellSide second)
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
        ids.Length < _places.Count
            ? Bootstrap.Scores(rows, Width, _options, Evaluate)
            : _drawn ??= Bootstrap.Scores(rows, Width, _options, Evaluate);
}
