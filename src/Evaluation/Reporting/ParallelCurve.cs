using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>How a score falls with the tokens that a pass writes, over the cells that differ in their steps alone.</summary>
/// <param name="Series">The cells' name without their steps.</param>
/// <param name="Metric">The score.</param>
/// <param name="Points">Tokens a pass and the score there, by tokens.</param>
/// <param name="Area">The area under it (<see cref="ParallelAccuracy"/>).</param>
internal sealed record ParallelCurve(string Series, string Metric, IReadOnlyList<(double TokensPerPass, double Score)> Points, double Area)
{
    /// <summary>
    /// The curves of a report whose cells know what they cost, of scores from 0 to 100 of which the higher is the better; empty where no
    /// series has two cells.
    /// </summary>
    public static IReadOnlyList<ParallelCurve> Of(EvaluationReport report)
    {
        var curves = new List<ParallelCurve>();
        foreach (string metric in report.Metrics)
        {
            var known = report.Cells
                .Where(c => c.Cost?.TokensPerPass > 0 && c.Score(metric) is { Better: MetricDirection.Higher, IsPercentage: true } score
                    && double.IsFinite(score.Score))
                .ToList();
            if (known.Count == 0) continue;
            double best = known.Max(c => c.Score(metric)!.Score);
            foreach (var series in known.GroupBy(c => c.Series, StringComparer.Ordinal))
            {
                (double, double)[] points = [.. series.Select(c => (c.Cost!.TokensPerPass!.Value, c.Score(metric)!.Score)).Order()];
                curves.Add(new ParallelCurve(series.Key, metric, points, ParallelAccuracy.Area(points, best)));
            }
        }
        return curves.Exists(c => c.Points.Count > 1) ? curves : [];
    }
}
