using System.Text.Json;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

/// <summary>Shares of items that approximate cells sample a second time, exactly.</summary>
public sealed class VerifyJobTests
{
    const string Sampler =
        """{ "preset": ["llada", "threshold"], "threshold": 0.05, "steps": 3, "blockLength": 6, "cache": ["none", "dual"], "length": { "source": "fixed", "value": 6 } }""";

    static string Job(string output, string more) => $$"""
        { "kind": "sample", "name": "s", "model": { "from": "models/m" }, "input": "data/in.jsonl", "output": "{{output}}", "ids": true, "seed": 5, {{more}} "sampler": {{Sampler}} }
        """;

    static WorkRoot Root(int items = 24)
    {
        WorkRoot root = TemplateJobTests.Root();
        root.WriteLines("data/in.jsonl", Enumerable.Range(0, items)
            .Select(i => new { id = $"r{i}", source = $"Lily {(char)('a' + i % 26)} {i}", target = "went to the park" }));
        return root;
    }

    static string Cell(string preset, string cache) => $"steps=3,cache={cache},preset={preset}";

    [Fact]
    public async Task The_items_are_drawn_by_seed_and_id_and_compared_with_the_exact_sampler()
    {
        using WorkRoot root = Root();
        await root.MustRun(Job("plain", ""));
        await root.MustRun(Job("some", """ "verify": 0.3, "shardSize": 7, "batchTokens": 100, """));
        await root.MustRun(Job("ones", """ "verify": 0.3, "shardSize": 1000, """));
        string[] drawn = [.. Enumerable.Range(0, 24).Select(i => $"r{i}").Where(id => CounterRandom.For(5, id).At(-1).Uniform(0) < 0.3)];
        Assert.InRange(drawn.Length, 4, 12);
        foreach (CellRecord cell in OutputManifest.Read(root.Path("some"))!.Cells!)
        {
            Assert.Equal(root.Lines($"plain/{cell.Cell}"), root.Lines($"some/{cell.Cell}"));
            Assert.Equal(cell.Cell == Cell("llada", "none"), cell.Verify is null);
            var lines = root.Lines($"some/{cell.Cell}", "verify");
            Assert.Equal(cell.Verify is null ? [] : drawn, lines.Keys);
            Assert.Equal(lines, root.Lines($"ones/{cell.Cell}", "verify"));
            if (cell.Verify is null) continue;
            var own = root.Lines($"some/{cell.Cell}");
            var (tokens, equal) = (0, 0);
            double loss = 0;
            foreach (string id in drawn)
            {
                JsonElement exact = JsonDocument.Parse(lines[id]).RootElement, approximate = JsonDocument.Parse(own[id]).RootElement;
                if (cell.Cell == Cell("llada", "dual"))
                    Assert.StartsWith(root.Lines($"some/{Cell("llada", "none")}")[id][..^1], lines[id], StringComparison.Ordinal);
                int[] ids = Ids(exact);
                tokens += ids.Length;
                equal += ids.Zip(Ids(approximate)).Count(t => t.First == t.Second);
                loss += exact.GetProperty("score").GetDouble() - approximate.GetProperty("score").GetDouble();
            }
            Assert.Equal(drawn.Length, cell.Verify!.Items);
            Assert.Equal((double)equal / tokens, cell.Verify.EqualTokens!.Value, 1e-12);
            Assert.Equal(loss / drawn.Length, cell.Verify.ScoreLoss!.Value, 1e-9);
            Assert.InRange(cell.Verify.ScoreLoss.Value, cell.Verify.Low!.Value, cell.Verify.High!.Value);
            Assert.InRange(cell.Verify.EqualItems!.Value, 0, 1);
            Assert.Equal(cell.Verify, OutputManifest.Read(root.Path("ones"))!.Cells!.First(c => c.Cell == cell.Cell).Verify);
        }
        static int[] Ids(JsonElement line) => [.. line.GetProperty("ids").EnumerateArray().Select(t => t.GetInt32())];
    }

    [Fact]
    public async Task Threshold_decoding_is_compared_with_one_that_writes_what_is_certain()
    {
        using WorkRoot root = Root(8);
        await root.MustRun(Job("some", """ "verify": 1, """));
        await root.MustRun(Job("certain", "").Replace("0.05", "1", StringComparison.Ordinal));
        foreach ((string id, string exact) in root.Lines($"certain/{Cell("threshold", "none")}"))
            foreach (string cache in (string[])["none", "dual"])
                Assert.StartsWith(exact[..^1], root.Lines($"some/{Cell("threshold", cache)}", "verify")[id], StringComparison.Ordinal);
        Assert.True(OutputManifest.Read(root.Path("some"))!.Cells!.First(c => c.Cell == Cell("threshold", "none")).Verify!.EqualTokens < 1);
    }

    [Fact]
    public async Task An_interrupted_run_ends_with_the_same_files()
    {
        using WorkRoot root = Root();
        string job = Job("some", """ "verify": 0.5, "shardSize": 40, "batchTokens": 60, """);
        await root.MustRun(job.Replace("some", "whole", StringComparison.Ordinal));
        using var stop = new CancellationTokenSource();
        var progress = new Reports(done => { if (done > 40) stop.Cancel(); });
        Assert.Equal(JobVerdict.Interrupted, (await root.Run(job, progress, stop.Token)).Verdict);
        await root.MustRun(job);
        Assert.Equal(root.Files("whole"), root.Files("some"));
        Assert.Equal(OutputManifest.Read(root.Path("whole"))!.Cells!.Select(c => c.Verify),
            OutputManifest.Read(root.Path("some"))!.Cells!.Select(c => c.Verify));
    }

    [Fact]
    public async Task The_report_says_what_the_approximation_costs_under_each_metric()
    {
        using WorkRoot root = Root();
        await root.MustRun($$"""
            { "kind": "pipeline", "name": "p", "jobs": [ {{Job("some", """ "verify": 0.5, """)}},
              { "kind": "evaluate", "name": "e", "predictions": "some", "references": "data/in.jsonl", "metrics": ["chrf", "cost"], "output": "report" } ] }
            """);
        var cells = JsonDocument.Parse(File.ReadAllText(root.Path("report/report.json"))).RootElement.GetProperty("cells").EnumerateArray()
            .ToDictionary(c => c.GetProperty("cell").GetString()!);
        Assert.Equal(4, cells.Count);
        Assert.False(cells[Cell("llada", "none")].TryGetProperty("verify", out _));
        JsonElement verify = cells[Cell("llada", "dual")].GetProperty("verify");
        JsonElement chrf = verify.GetProperty("differences").GetProperty("chrf");
        Assert.InRange(chrf.GetProperty("difference").GetDouble(), chrf.GetProperty("low").GetDouble(),
            chrf.GetProperty("high").GetDouble());
        Assert.NotEqual(0, chrf.GetProperty("difference").GetDouble());
        Assert.Contains($"against {verify.GetProperty("items").GetInt32()} items sampled exactly",
            File.ReadAllText(root.Path("report/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_an_approximation_the_job_says_so()
    {
        using WorkRoot root = Root(2);
        JobOutcome outcome = await root.MustRun("""
            { "kind": "sample", "name": "s", "model": { "from": "models/m" }, "input": "data/in.jsonl", "output": "some", "verify": 0.5, "sampler": { "steps": 2, "length": { "source": "oracle" } } }
            """);
        Assert.StartsWith("verify has nothing to do", Assert.Single(outcome.Jobs[0].Warnings), StringComparison.Ordinal);
    }

    sealed class Reports(Action<long> report) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => report(value.Done);
    }
}
