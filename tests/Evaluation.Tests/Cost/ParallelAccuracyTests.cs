using System.Text;
using System.Text.Json;
using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Evaluation.Reporting.Html;
using DiffusionBatch.Evaluation.Tests.Reporting;

namespace DiffusionBatch.Evaluation.Tests.Cost;

/// <summary>AUP by numbers worked out by hand.</summary>
public sealed class ParallelAccuracyTests
{
    [Fact]
    public void A_score_that_does_not_fall_is_a_rectangle() =>
        Assert.Equal(4 * 80.0, ParallelAccuracy.Area([(4, 80), (1, 80), (2, 80)], 80), 1e-9);

    [Fact]
    public void One_token_a_pass_is_the_score_itself() => Assert.Equal(77, ParallelAccuracy.Area([(1, 77)], 100));

    [Fact]
    public void What_is_lost_is_weighed_by_its_exponential()
    {
        // 1 x 80, and (3 - 1) (80 + 78 exp(-3 / 40)) / 2, the weight of 78 beside 80 being exp(-3 (1 - 0.975)).
        Assert.Equal(80 + 80 + 78 * Math.Exp(-0.075), ParallelAccuracy.Area([(1, 80), (3, 78)], 80), 1e-9);
        // Beside a better system the first weighs less too: 80 of 100 exp(-0.6), 78 of 100 exp(-0.66).
        Assert.Equal(80 + 80 * Math.Exp(-0.6) + 78 * Math.Exp(-0.66), ParallelAccuracy.Area([(1, 80), (3, 78)], 100), 1e-9);
    }

    [Fact]
    public void What_is_more_than_five_below_the_first_counts_for_nothing()
    {
        Assert.Equal(80, ParallelAccuracy.Area([(1, 80), (9, 74.9)], 80));
        Assert.Equal(80 + 4 * (80 + 75 * Math.Exp(-3.0 / 16)), ParallelAccuracy.Area([(1, 80), (9, 75)], 80), 1e-9);
        Assert.True(double.IsNaN(ParallelAccuracy.Area([], 80)));
    }

    [Fact]
    public void The_report_has_a_curve_a_series_and_metric()
    {
        static ReportCell Cell(int steps, string order, double score) => new($"steps={steps},order={order}", null,
            [new("bleu", new MetricScore(score, "s")), new("mauve", new MetricScore(0.5, "s") { IsPercentage = false }),
                new("ter", new MetricScore(60, "s") { Better = MetricDirection.Lower })],
            new CellCost(10, 10 * steps, 80, null));
        var report = new EvaluationReport("x", [Cell(8, "a", 30), Cell(4, "a", 29), Cell(8, "b", 28), Cell(4, "b", 28)], [], 10);
        using var json = JsonDocument.Parse(ReportJson.ToBytes(report));
        var curves = json.RootElement.GetProperty("parallelism").EnumerateArray().ToList();
        Assert.Equal([("order=a", "bleu"), ("order=b", "bleu")],
            curves.Select(c => (c.GetProperty("series").GetString()!, c.GetProperty("metric").GetString()!)));
        Assert.Equal(30 + (30 + 29 * Math.Exp(-0.1)) / 2, curves[0].GetProperty("aup").GetDouble(), 1e-9);
        Assert.Equal("""[{"tokensPerPass":1,"score":30},{"tokensPerPass":2,"score":29}]""",
            JsonSerializer.Serialize(curves[0].GetProperty("points")));
        Assert.Equal(28 + 28 * Math.Exp(-0.2), curves[1].GetProperty("aup").GetDouble(), 1e-9);
    }

    [Fact]
    public void The_page_shows_curves_and_areas()
    {
        using var page = new MemoryStream();
        ReportPage.Write(page, Sweeps.Report());
        string html = Encoding.UTF8.GetString(page.ToArray());
        Assert.Contains("<th scope=\"col\">AUP</th>", html, StringComparison.Ordinal);
        var charts = CurveChart.Of(Sweeps.Report());
        Assert.Equal(["bleu against tokens a pass", "exactMatch against tokens a pass"], charts.Select(c => c.Title));
        Assert.All(charts, c => Assert.Equal(["reMask=cond", "reMask=uncond"], c.Curves.Select(s => s.Name)));
    }
}
