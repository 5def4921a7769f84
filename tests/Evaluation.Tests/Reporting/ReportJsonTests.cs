using System.Text.Json;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;

namespace DiffusionBatch.Evaluation.Tests.Reporting;

public sealed class ReportJsonTests
{
    [Fact]
    public void Cells_have_settings_scores_and_cost()
    {
        using var json = JsonDocument.Parse(ReportJson.ToBytes(Sweeps.Report()));
        Assert.Equal(["cells", "parallelism"], json.RootElement.EnumerateObject().Select(p => p.Name));
        var cell = json.RootElement.GetProperty("cells")[3];
        Assert.Equal(["cell", "sampler", "metrics", "cost"], cell.EnumerateObject().Select(p => p.Name));
        Assert.Equal("steps=2,reMask=uncond", cell.GetProperty("cell").GetString());
        Assert.Equal(5, cell.GetProperty("sampler").GetProperty("length").GetProperty("beam").GetInt32());
        Assert.Equal("""{"score":17.5,"signature":"nrefs:1|case:mixed","low":16.25,"high":18.75}""",
            Compact(cell.GetProperty("metrics").GetProperty("bleu")));
        Assert.Equal("""{"score":0.175,"signature":"nrefs:1"}""", Compact(cell.GetProperty("metrics").GetProperty("exactMatch")));
        Assert.Equal(
            """{"items":1000,"forwardPasses":2000,"forwardPassesPerItem":2,"tokens":12345,"seconds":0.2,"secondsPerItem":0.0002,"tokensPerSecond":61725,"latencyMedian":null,"latencyP95":null,"flops":null,"flopsPerItem":null,"peakMemory":null}""", Compact(cell.GetProperty("cost")));
    }

    [Fact]
    public void What_is_not_known_or_not_finite_is_null()
    {
        var report = new EvaluationReport("x",
            [new ReportCell("all", null, [new("perplexity", new MetricScore(double.PositiveInfinity, "s"))])], [], 0);
        using var json = JsonDocument.Parse(ReportJson.ToBytes(report));
        Assert.Equal("""{"cell":"all","sampler":null,"metrics":{"perplexity":{"score":null,"signature":"s"}}}""",
            Compact(json.RootElement.GetProperty("cells")[0]));
    }

    static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
