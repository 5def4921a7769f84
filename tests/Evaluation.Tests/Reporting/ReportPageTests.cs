using System.Xml.Linq;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Evaluation.Reporting.Html;

namespace DiffusionBatch.Evaluation.Tests.Reporting;

public sealed class ReportPageTests
{
    static XElement Parse(string page) => XDocument.Parse(page[page.IndexOf("<html", StringComparison.Ordinal)..], LoadOptions.PreserveWhitespace).Root!;

    static IEnumerable<XElement> WithClass(XElement root, string name) => root.Descendants().Where(e => ((string?)e.Attribute("class") ?? "").Split(' ').Contains(name));

    [Fact]
    public void The_page_is_well_formed_and_escaped()
    {
        string text = ReportPage.ToText(Sweeps.Report());
        var page = Parse(text);
        Assert.Equal("de-en & <scores>", page.Descendants("h1").Single().Value);
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
        // Control characters and half characters can't be in a page.
        Assert.Contains(page.Descendants("dd"), d => d.Value == "<script>alert(\"1\" & '2')</script>, ]]> \uFFFD\uFFFD\uFFFD \"x\"\uFFFD\nnext");
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere()
    {
        var page = Parse(ReportPage.ToText(Sweeps.Report()));
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "img" or "iframe");
        Assert.All(page.Descendants().Attributes("href"), href => Assert.StartsWith("#", href.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", page.Descendants("style").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_metric_is_drawn_against_steps_passes_and_seconds_with_a_line_a_series()
    {
        var page = Parse(ReportPage.ToText(Sweeps.Report()));
        var charts = WithClass(page, "chart").ToList();
        Assert.Equal(6, charts.Count);
        Assert.All(charts, chart => Assert.Equal(2, WithClass(chart, "curve").Count()));
        Assert.All(charts, chart => Assert.Equal(10, WithClass(chart, "mark").Count()));
        Assert.Equal(2, WithClass(charts[0], "band").Count()); // bleu has intervals
        Assert.Empty(WithClass(charts[3], "band")); // exactMatch has none
        Assert.Contains(charts[0].Descendants("title"), t => t.Value == "steps=2,reMask=uncond: bleu 17.50 (16.25 to 18.75), denoising steps 2");
        Assert.Equal(["1", "2", "4", "8", "16"], charts[0].Descendants("text").Select(t => t.Value).Where(t => t is "1" or "2" or "4" or "8" or "16"));
    }

    [Fact]
    public void The_drawing_stays_inside_its_frame()
    {
        var page = Parse(ReportPage.ToText(Sweeps.Report()));
        foreach (var curve in WithClass(page, "chart").SelectMany(c => WithClass(c, "curve")))
        {
            foreach (string point in ((string)curve.Attribute("d")!).TrimStart('M').Split('L'))
            {
                double[] at = [.. point.Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture))];
                Assert.InRange(at[0], 46, 468);
                Assert.InRange(at[1], 12, 256);
            }
        }
    }

    [Fact]
    public void The_table_has_every_cell_and_marks_the_best()
    {
        var page = Parse(ReportPage.ToText(Sweeps.Report()));
        var rows = page.Descendants("tbody").Single().Elements("tr").ToList();
        Assert.Equal(10, rows.Count);
        var best = Assert.Single(rows, r => r.Descendants("strong").Any());
        Assert.Equal("steps=16,reMask=uncond", best.Element("th")!.Value);
        Assert.Equal(["28.44", "0.284"], best.Descendants("strong").Select(s => s.Value));
    }

    [Fact]
    public void Items_show_every_cells_text_or_error()
    {
        var page = Parse(ReportPage.ToText(Sweeps.Report()));
        var item = Assert.Single(page.Descendants("article"));
        Assert.Equal(1 + 2 + 10, item.Descendants("dd").Count());
        Assert.Equal("tooLong", WithClass(item, "error").Single().Value);
        Assert.Equal("dog= reference", WithClass(item, "same").Single().Parent!.Value);
    }

    [Fact]
    public void One_cell_has_no_charts_and_no_cells_no_table()
    {
        var one = Parse(ReportPage.ToText(new EvaluationReport("x", [new ReportCell("all", null, [new("bleu", new MetricScore(12, "s"))])], [], 1)));
        Assert.Empty(WithClass(one, "chart"));
        Assert.Equal("12.00", one.Descendants("td").Single().Value);
        Assert.Empty(Parse(ReportPage.ToText(new EvaluationReport("x", [], [], 0))).Descendants("table"));
    }

    [Fact]
    public void The_same_report_gives_the_same_bytes()
    {
        string folder = Directory.CreateTempSubdirectory("dbatch-").FullName;
        try
        {
            ReportFiles.Write(folder, Sweeps.Report());
            var first = Directory.GetFiles(folder).Order().Select(f => (Path.GetFileName(f), File.ReadAllText(f))).ToList();
            ReportFiles.Write(folder, Sweeps.Report());
            Assert.Equal(["report.csv", "report.html", "report.json"], first.Select(f => f.Item1));
            Assert.Equal(first, Directory.GetFiles(folder).Order().Select(f => (Path.GetFileName(f), File.ReadAllText(f))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Scores_have_two_decimals_and_three_where_they_are_small()
    {
        var report = Sweeps.Report();
        Assert.Equal((2, 3), (Figures.Decimals(report, "bleu"), Figures.Decimals(report, "exactMatch")));
        Assert.Equal("28.46", Figures.Score(28.456, 2));
        Assert.Equal("–", Figures.Score(double.NaN, 2));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234567.8, "1,234,568")]
    [InlineData(12.345, "12.3")]
    [InlineData(0.0012345, "0.00123")]
    public void Quantities_have_three_digits(double value, string text) => Assert.Equal(text, Figures.Quantity(value));
}
