using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Evaluation.Reporting.Html;

namespace DiffusionBatch.Evaluation.Tests.Reporting;

public sealed class ReportPageTests
{
    static string Text(EvaluationReport report)
    {
        using var stream = new MemoryStream();
        ReportPage.Write(stream, report);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The page's elements; scripts and styles are no XML and are left out.</summary>
    static XElement Parse(EvaluationReport report)
    {
        string text = Regex.Replace(Text(report), "<(script|style)[^>]*>.*?</\\1>", "", RegexOptions.Singleline);
        return XDocument.Parse(text[text.IndexOf("<html", StringComparison.Ordinal)..], LoadOptions.PreserveWhitespace).Root!;
    }

    static IEnumerable<XElement> WithClass(XElement root, string name) =>
        root.Descendants().Where(e => ((string?)e.Attribute("class") ?? "").Split(' ').Contains(name));

    /// <summary>The data of a script element.</summary>
    static JsonElement Data(string page, string name)
    {
        Match element = Regex.Match(page, $"<script type=\"application/(json|gzip)\" id=\"data-{name}\">(.*?)</script>",
            RegexOptions.Singleline);
        if (element.Groups[1].Value == "json") return JsonDocument.Parse(element.Groups[2].Value).RootElement;
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(element.Groups[2].Value)), CompressionMode.Decompress);
        return JsonDocument.Parse(gzip).RootElement;
    }

    [Fact]
    public void The_page_is_well_formed_and_escaped()
    {
        var page = Parse(Sweeps.Report());
        Assert.Equal("de-en & <scores>", page.Descendants("h1").Single().Value);
        Assert.Equal(["charts", "cells", "parallelism", "items"], page.Descendants("section").Select(s => (string)s.Attribute("id")!));
    }

    [Fact]
    public void Cells_that_differ_in_length_alone_are_a_curve_of_seconds()
    {
        static ReportCell Cell(string name, JsonObject? sampler, double? seconds) =>
            new(name, sampler, [], new CellCost(4, 4, 64, null) { LatencyMedian = seconds });
        var report = new EvaluationReport("latency",
        [
            Cell("sedd/steps=16,length.value=256", null, 0.36), Cell("sedd/steps=16,length.value=64", null, 0.09),
            Cell("sedd/steps=32,length.value=64", null, 0.22), Cell("sedd/steps=32,length.value=256", null, null),
            Cell("ar/all", new JsonObject { ["length"] = new JsonObject { ["value"] = 64 } }, 0.2),
            Cell("ar/length.value=128", null, 0.25), Cell("ar/length.value=256", null, 0.33),
        ], [], 4);
        var chart = Assert.Single(CurveChart.Of(report));
        Assert.Equal("latency", chart.Section);
        Assert.Equal(["sedd/steps=16", "ar"], chart.Curves.Select(c => c.Name)); // two lengths are known of these alone
        Assert.Equal([(64, 0.09), (256, 0.36)], chart.Curves[0].Points);
        Assert.Equal([(128, 0.25), (256, 0.33)], chart.Curves[1].Points);

        var section = Parse(report).Descendants("section").Single(s => (string)s.Attribute("id")! == "latency");
        Assert.Equal(["median seconds of an item", "64 tokens", "128 tokens", "256 tokens", "sedd/steps=16", "ar"],
            section.Descendants("th").Select(h => h.Value));
        Assert.Equal(["0.09", "–", "0.36", "–", "0.25", "0.33"], section.Descendants("td").Select(d => d.Value));
        var curves = Data(Text(report), "report").GetProperty("curves")[0].GetProperty("curves");
        Assert.Equal("[[64,0.09],[256,0.36]]", JsonSerializer.Serialize(curves[0].GetProperty("points")));
    }

    [Fact]
    public void No_text_ends_the_element_that_carries_it()
    {
        var report = Sweeps.Report();
        string page = Text(report with { Cells = [.. report.Cells.Select((c, i) => i == 2 ? c with { Cell = "</script><b>" } : c)] });
        Assert.Equal("</script><b>", Data(page, "report").GetProperty("cells")[2].GetProperty("cell").GetString());
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere_and_may_load_nothing()
    {
        string text = Text(Sweeps.Report());
        var page = Parse(Sweeps.Report());
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "link" or "img" or "iframe");
        Assert.All(page.Descendants().Attributes("href"), href => Assert.StartsWith("#", href.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(" src=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", text, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Descendants("meta").Attributes("content").Select(c => c.Value)
            .Single(c => c.Contains("script-src", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_library_is_in_the_page_with_its_licence_and_the_page_stays_small()
    {
        string page = Text(Sweeps.Report());
        Assert.Contains("uPlot", page, StringComparison.Ordinal);
        Assert.Contains("The MIT License (MIT)", page, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(page), 60_000, 130_000);
    }

    [Fact]
    public void The_figures_of_the_charts_are_in_the_page()
    {
        JsonElement report = Data(Text(Sweeps.Report()), "report");
        Assert.Equal("""[{"name":"bleu","better":"higher","decimals":2},{"name":"exactMatch","better":"higher","decimals":3}]""",
            report.GetProperty("metrics").GetRawText());
        Assert.Equal(
            """{"cell":"steps=2,reMask=uncond","series":"reMask=uncond","steps":2,"metrics":{"bleu":{"score":17.5,"low":16.25,"high":18.75},"exactMatch":{"score":0.175,"low":null,"high":null}},"cost":{"forwardPassesPerItem":2,"secondsPerItem":0.0002,"latencyMedian":null,"latencyP95":null,"pricePerThousandItems":null}}""",
            report.GetProperty("cells")[3].GetRawText());
    }

    [Fact]
    public void The_table_has_every_cell_with_its_settings_and_marks_the_best()
    {
        var page = Parse(Sweeps.Report());
        var rows = page.Descendants("tbody").First().Elements("tr").ToList();
        Assert.Equal(10, rows.Count);
        var best = Assert.Single(rows, r => r.Descendants("strong").Any());
        Assert.Equal("steps=16,reMask=uncondrdm, uncond, length predicted, beam 5", best.Element("th")!.Value);
        Assert.Equal(["28.44", "0.284"], best.Descendants("strong").Select(s => s.Value));
        Assert.Equal("28.4375", (string?)best.Element("td")!.Attribute("data-value"));
    }

    [Fact]
    public void Items_carry_every_cells_text_or_error()
    {
        string page = Text(Sweeps.Report());
        Assert.Equal("a-1", Data(page, "items").GetProperty("ids")[0].GetString());
        Assert.Equal("dog", Data(page, "items").GetProperty("references")[0][1].GetString());
        // Half a character can't be in UTF-8; all else comes back as it was.
        Assert.Equal(Sweeps.Nasty.Replace('\ud800', '\ufffd'), Data(page, "items").GetProperty("sources")[0].GetString());
        Assert.Equal("""[{"error":"tooLong"}]""", Data(page, "texts-0").GetRawText());
        Assert.Equal("""["dog"]""", Data(page, "texts-1").GetRawText());
        Assert.Equal(Sweeps.Nasty.Replace('\ud800', '\ufffd'), Data(page, "texts-9")[0].GetString());
    }

    [Fact]
    public void Traces_are_carried_with_their_tokens_texts()
    {
        var traces =
            new ReportTraces(
                [new ReportTrace("a-1", 2, 1, [new ReportTraceStep(1, [(0, 7, -0.12345f), (1, 9, float.NegativeInfinity)], [2])])],
                new Dictionary<int, string> { [7] = " </script>" }, "One.");
        string page = Text(Sweeps.Report() with { Traces = traces });
        JsonElement data = Data(page, "traces");
        Assert.Equal(" </script>", data.GetProperty("tokens").GetProperty("7").GetString());
        Assert.Equal("""[{"id":"a-1","cell":2,"candidate":1,"steps":[{"step":1,"write":[[0,7,-0.123],[1,9,-99]],"mask":[2]}]}]""",
            data.GetProperty("traces").GetRawText());
        Assert.Contains("id=\"denoising\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_list_the_ids_that_did_not_pair_up()
    {
        string[] ids = ["x<1>", "x2"];
        var page =
            Parse(Sweeps.Report() with
            {
                Notes = ["a note"],
                Joins = [new CellJoin("steps=1", 3, new IdList(0, []), new IdList(5, ids), new IdList(0, []))]
            });
        var details = Assert.Single(page.Descendants("details"));
        Assert.Equal("Predictions without a reference in steps=1: 5", details.Element("summary")!.Value);
        Assert.Equal("x<1>, x2 and 3 more", details.Element("p")!.Value);
    }

    [Fact]
    public void One_cell_has_no_charts_and_no_cells_no_table()
    {
        var one = Parse(new EvaluationReport("x", [new ReportCell("all", null, [new("bleu", new MetricScore(12, "s"))])], [], 1));
        Assert.DoesNotContain(one.Descendants("section"), s => (string?)s.Attribute("id") == "charts");
        Assert.Equal("12.00", one.Descendants("td").Single().Value);
        Assert.Empty(Parse(new EvaluationReport("x", [], [], 0)).Descendants("table"));
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
