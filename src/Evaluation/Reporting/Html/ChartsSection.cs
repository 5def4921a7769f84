using DiffusionBatch.Evaluation.Reporting.Charts;

namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>Each metric against steps, against forward passes and against seconds; a line for each setting of the other fields.</summary>
internal sealed class ChartsSection : IPageSection
{
    static readonly (string Label, Func<ReportCell, double?> X)[] s_axes =
    [
        ("denoising steps", cell => cell.Steps),
        ("forward passes per item", cell => cell.Cost?.ForwardPassesPerItem),
        ("seconds per item", cell => cell.Cost?.SecondsPerItem),
    ];

    /// <inheritdoc/>
    public string Id => "charts";

    /// <inheritdoc/>
    public string Title => "Quality against cost";

    /// <inheritdoc/>
    public bool Applies(EvaluationReport report) => Charts(report).Any();

    /// <inheritdoc/>
    public void Write(Markup page, EvaluationReport report)
    {
        foreach (var metric in Charts(report).GroupBy(c => c.Metric))
        {
            page.Element("h3", metric.Key).Line();
            var names = metric.First().Series.Select(s => s.Name).ToList();
            if (names.Count > 1) WriteLegend(page, names);
            page.Open("div", ("class", "charts")).Line();
            foreach (var (_, axis, series) in metric)
            {
                page.Open("figure").Element("figcaption", $"{metric.Key} against {axis}");
                new LineChart($"{metric.Key} against {axis}", metric.Key, axis, Figures.Decimals(report, metric.Key), series).Write(page);
                page.Close().Line();
            }
            page.Close().Line();
        }
    }

    static void WriteLegend(Markup page, List<string> names)
    {
        page.Open("ul", ("class", "legend"));
        for (int i = 0; i < names.Count; i++)
        {
            page.Open("li").Open("svg", ("viewBox", "0 0 28 12"), ("aria-hidden", "true"), ("class", $"s{i % LineChart.Colours}"));
            page.Empty("path", ("class", "curve"), ("d", "M1 6H27"), ("stroke-dasharray", LineChart.Dashes(i)));
            LineChart.WriteMark(page, i, 14, 6);
            page.Close().Text(names[i]).Close();
        }
        page.Close().Line();
    }

    /// <summary>The charts that have at least two points apart.</summary>
    static IEnumerable<(string Metric, string Axis, IReadOnlyList<ChartSeries> Series)> Charts(EvaluationReport report)
    {
        foreach (string metric in report.Cells.SelectMany(c => c.Metrics).Select(m => m.Key).Distinct(StringComparer.Ordinal))
        {
            foreach (var (label, x) in s_axes)
            {
                var series = report.Cells.GroupBy(c => c.Series).Select(group => new ChartSeries(group.Key, Points(group, metric, x))).ToList();
                if (series.SelectMany(s => s.Points).Select(p => p.X).Distinct().Count() > 1) yield return (metric, label, series);
            }
        }
    }

    static List<ChartPoint> Points(IEnumerable<ReportCell> cells, string metric, Func<ReportCell, double?> x) =>
    [
        .. from cell in cells
           let score = cell.Score(metric)
           where score is not null && double.IsFinite(score.Score) && x(cell) > 0
           orderby x(cell)
           select new ChartPoint(x(cell)!.Value, score.Score, score.Low, score.High, cell.Cell),
    ];
}
