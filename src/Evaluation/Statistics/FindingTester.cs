using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>Tests claims that cells score better than others, by the paired bootstrap over the items that both have.</summary>
/// <param name="options">Seed and number of resamples.</param>
public sealed class FindingTester(ComparisonOptions options)
{
    readonly BootstrapOptions _draws = new(options.Seed, options.Resamples);

    /// <summary>The cells that claims name and that there aren't, in sentences.</summary>
    /// <param name="findings">The claims.</param>
    /// <param name="cells">The names of the cells that there are.</param>
    public static IEnumerable<string> Unknown(IReadOnlyList<Finding> findings, IReadOnlyCollection<string> cells)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return findings.SelectMany(finding => finding.Better.Concat(finding.Than)).Distinct(StringComparer.Ordinal)
            .Where(cell => !cells.Contains(cell))
            .Select(cell => $"a finding names the cell \"{cell}\"; the predictions have {string.Join(", ", cells)}");
    }

    /// <summary>
    /// The claims with what the scores say of them. Of several pairs (one a seed) the mean of the differences is tested:
    /// corpora are drawn from the items, the same for all pairs, and the difference of each averaged.
    /// </summary>
    /// <param name="findings">The claims; their cells and metrics are among the scored ones.</param>
    /// <param name="cells">Each cell's name and its metrics, after all items.</param>
    public IReadOnlyList<FindingResult> Run(IReadOnlyList<Finding> findings,
        IReadOnlyList<(string Cell, IReadOnlyList<ScoredMetric> Metrics)> cells)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(cells);
        var sides = new Dictionary<(string, string), CellSide?>();
        return [.. findings.Select(Test)];

        FindingResult Test(Finding finding)
        {
            var pairs = new List<FindingPair>();
            double[] drawn = new double[_draws.Resamples];
            foreach (var (better, than) in finding.Better.Zip(finding.Than))
            {
                if (Side(better, finding.Metric) is not { } first || Side(than, finding.Metric) is not { } second) continue;
                string[] common = CellSide.Common(first, second);
                if (common.Length == 0) continue;
                double sign = first.Score.Better == MetricDirection.Lower ? -1 : 1;
                double[] ofFirst = first.Rows(common), ofSecond = second.Rows(common);
                pairs.Add(new FindingPair(better, than, common.Length, sign * (first.Of(ofFirst) - second.Of(ofSecond))));
                double[] a = first.Drawn(common, ofFirst), b = second.Drawn(common, ofSecond);
                for (int r = 0; r < drawn.Length; r++) drawn[r] += sign * (a[r] - b[r]);
            }
            if (pairs.Count == 0 || drawn.Length == 0)
                return new FindingResult(finding.Claim, finding.Metric, finding.By, pairs, double.NaN, double.NaN, double.NaN,
                    Verdict.Underpowered);
            for (int r = 0; r < drawn.Length; r++) drawn[r] /= pairs.Count;
            var (low, high) = Bootstrap.Percentiles(drawn);
            var verdict = low > finding.By ? Verdict.Holds : high < finding.By ? Verdict.DoesNotHold : Verdict.Underpowered;
            return new FindingResult(finding.Claim, finding.Metric, finding.By, pairs, pairs.Average(pair => pair.Difference), low, high,
                verdict);
        }

        CellSide? Side(string cell, string metric)
        {
            if (sides.TryGetValue((cell, metric), out var side)) return side;
            var found = cells.FirstOrDefault(c => c.Cell == cell).Metrics?.FirstOrDefault(m => m.Metric.Name == metric);
            return sides[(cell, metric)] = found is { Metric: IResampledMetric resampled, Score: { } score }
                && resampled.Table() is { Count: > 0 } table
                ? new CellSide(cell, resampled, score, table, _draws) : null;
        }
    }
}

/// <summary>What the scores say of a claim.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Metric">The metric's label.</param>
/// <param name="By">The least difference that it claims.</param>
/// <param name="Pairs">The pairs of cells, one a seed.</param>
/// <param name="Difference">The mean over the pairs of by how much the one is better than the other.</param>
/// <param name="Low">The lower end of its 95 % bootstrap interval over items.</param>
/// <param name="High">The upper end.</param>
/// <param name="Verdict">What follows.</param>
public sealed record FindingResult(string Claim, string Metric, double By, IReadOnlyList<FindingPair> Pairs, double Difference, double Low,
    double High, Verdict Verdict);

/// <summary>One pair of cells of a claim.</summary>
/// <param name="Better">The cell that is claimed to be better.</param>
/// <param name="Than">The other.</param>
/// <param name="Items">The items that both have.</param>
/// <param name="Difference">By how much it is better.</param>
public sealed record FindingPair(string Better, string Than, int Items, double Difference);

/// <summary>Whether a claim stands.</summary>
public enum Verdict
{
    /// <summary>The interval of the difference lies above what was claimed.</summary>
    Holds,

    /// <summary>It lies below.</summary>
    DoesNotHold,

    /// <summary>It holds what was claimed: there are too few items, or the metric can't be compared item by item.</summary>
    Underpowered,
}
