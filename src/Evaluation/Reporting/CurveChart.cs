namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>A chart of curves under a heading of the page.</summary>
/// <param name="Section">The heading's anchor.</param>
/// <param name="Title">What it shows.</param>
/// <param name="X">What lies along it, on a logarithmic axis.</param>
/// <param name="Y">What lies upwards.</param>
/// <param name="Decimals">Of the upward figures.</param>
/// <param name="Curves">At least one.</param>
internal sealed record CurveChart(string Section, string Title, string X, string Y, int Decimals, IReadOnlyList<Curve> Curves)
{
    /// <summary>The anchors of the sections that have such charts.</summary>
    public const string Latency = "latency", Parallelism = "parallelism";

    /// <summary>A report's charts, in the order to show them.</summary>
    public static IReadOnlyList<CurveChart> Of(EvaluationReport report)
    {
        var charts = new List<CurveChart>();
        if (SecondsByLength(report) is { Count: > 0 } seconds)
            charts.Add(new(Latency, "median latency against length", "tokens of a response", "seconds", 3, seconds));
        charts.AddRange(ParallelCurve.Of(report).GroupBy(c => c.Metric, StringComparer.Ordinal).Select(metric =>
            new CurveChart(Parallelism, $"{metric.Key} against tokens a pass", "tokens a pass", metric.Key, 2,
                [.. metric.Select(c => new Curve(c.Series, c.Points))])));
        return charts;
    }

    /// <summary>
    /// The median seconds of an item against its tokens, of cells that differ in their length alone (Deschenaux and Gulcehre 2024, figure
    /// 1); empty where no two do.
    /// </summary>
    public static IReadOnlyList<Curve> SecondsByLength(EvaluationReport report) =>
    [
        .. report.Cells.Where(c => c.Length > 0 && c.Cost?.LatencyMedian > 0)
            .GroupBy(c => c.LengthSeries, StringComparer.Ordinal)
            .Select(series => new Curve(series.Key, [.. series.Select(c => (c.Length!.Value, c.Cost!.LatencyMedian!.Value)).Order()]))
            .Where(curve => curve.Points.Select(p => p.X).Distinct().Count() > 1),
    ];
}

/// <summary>Points that a line joins.</summary>
/// <param name="Name">What they have in common.</param>
/// <param name="Points">By x; every x is more than 0.</param>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points);
