using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;

namespace DiffusionBatch.Evaluation.Tests.Reporting;

public sealed class ReportCsvTests
{
    [Fact]
    public void A_row_a_cell()
    {
        string[] rows = ReportCsv.ToText(Sweeps.Report()).TrimEnd().Split("\r\n");
        Assert.Equal(11, rows.Length);
        Assert.Equal(
            "cell,sampler.preset,sampler.steps,sampler.reMask,sampler.length.source,sampler.length.beam,"
            + "bleu,bleu.low,bleu.high,bleu.spread,bleu.signature,"
            + "exactMatch,exactMatch.low,exactMatch.high,exactMatch.spread,exactMatch.signature,cost.items,"
            + "cost.forwardPasses,cost.forwardPassesPerItem,cost.tokens,cost.seconds,cost.secondsPerItem,cost.tokensPerSecond,"
            + "cost.latencyMedian,cost.latencyP95,cost.flops,cost.peakMemory,cost.pricePerThousandItems,cost.currency", rows[0]);
        Assert.Equal(
            "\"steps=2,reMask=uncond\",rdm,2,uncond,predicted,5,17.5,16.25,18.75,,nrefs:1|case:mixed,"
            + "0.175,,,,nrefs:1,1000,2000,2,12345,0.2,0.0002,61725,,,,,,", rows[4]);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    [InlineData("-3.2", "-3.2")]
    [InlineData("+1e5", "+1e5")]
    [InlineData("-", "'-")]
    [InlineData("steps=8", "steps=8")]
    [InlineData("'=1", "'=1")]
    public void What_a_spreadsheet_would_compute_is_a_text(string given, string expected)
    {
        var report = new EvaluationReport("x",
            [new ReportCell(given, new System.Text.Json.Nodes.JsonObject { ["s"] = given, ["n"] = -0.5 },
                [new("m", new MetricScore(-3.2, given, double.NegativeInfinity))])], [], 0);
        Assert.Equal($"cell,sampler.s,sampler.n,m,m.low,m.high,m.spread,m.signature\r\n{expected},{expected},-0.5,-3.2,-Infinity,,,"
            + $"{expected}\r\n", ReportCsv.ToText(report));
    }

    [Fact]
    public void Quotes_commas_and_line_ends_are_quoted()
    {
        var report = new EvaluationReport("x", [new ReportCell("a\"b,\nc", null, [new("m,1", new MetricScore(1, "s"))])], [], 0);
        Assert.Equal("cell,\"m,1\",\"m,1.low\",\"m,1.high\",\"m,1.spread\",\"m,1.signature\"\r\n\"a\"\"b,\nc\",1,,,,s\r\n",
            ReportCsv.ToText(report));
    }
}
