using System.Text.Json;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Evaluating;

/// <summary>Claims over the cells of several results folders.</summary>
public sealed class FindingsJobTests : IDisposable
{
    readonly WorkRoot _root = new();

    /// <summary>Of 200 items, as many as a cell's share are right; the last two cells are nearly alike.</summary>
    public FindingsJobTests()
    {
        _root.WriteLines("data/ref.jsonl", Enumerable.Range(0, 200).Select(i => new { id = $"i{i}", target = $"word {i}" }));
        foreach (var (cell, right) in ((string, int)[])[("a/steps=1", 40), ("a/steps=8", 120), ("b/steps=1", 60), ("b/steps=8", 125)])
            _root.WriteLines($"results/study/{cell}/part-00000.jsonl",
                Enumerable.Range(0, 200).Select(i => new { id = $"i{i}", text = i * 37 % 200 < right ? $"word {i}" : "no" }));
    }

    public void Dispose() => _root.Dispose();

    static string Manifest(string findings) => $$"""
        { "kind": "evaluate", "name": "study", "predictions": "results/study", "references": "data/ref.jsonl", "output": "reports/study",
          "metrics": ["exactMatch", "editDistance"], "findings": [{{findings}}] }
        """;

    JsonElement Report() => JsonDocument.Parse(File.ReadAllText(_root.Path("reports/study/report.json"))).RootElement;

    [Fact]
    public async Task Each_claim_has_its_verdict()
    {
        await _root.MustRun(Manifest("""
            { "claim": "more steps are better", "metric": "exactMatch", "better": ["a/steps=8", "b/steps=8"], "than": ["a/steps=1", "b/steps=1"] },
            { "claim": "fewer steps are better", "metric": "exactMatch", "better": ["a/steps=1"], "than": ["a/steps=8"] },
            { "claim": "b is better than a", "metric": "exactMatch", "better": ["b/steps=8"], "than": ["a/steps=8"], "by": 2 },
            { "claim": "more steps leave fewer edits", "metric": "editDistance", "better": ["a/steps=8"], "than": ["a/steps=1"] },
            { "claim": "b is hardly worse than a", "metric": "exactMatch", "better": ["b/steps=8"], "than": ["a/steps=8"], "by": -10 }
            """));
        Assert.Equal(["a/steps=1", "a/steps=8", "b/steps=1", "b/steps=8"],
            Report().GetProperty("cells").EnumerateArray().Select(c => c.GetProperty("cell").GetString()));
        JsonElement[] findings = [.. Report().GetProperty("findings").EnumerateArray()];
        Assert.Equal(["holds", "doesNotHold", "underpowered", "holds", "holds"],
            findings.Select(f => f.GetProperty("verdict").GetString()));
        Assert.Equal((40 + 32.5) / 2, findings[0].GetProperty("difference").GetDouble(), 1e-9);
        Assert.Equal([40, 32.5], findings[0].GetProperty("pairs").EnumerateArray().Select(p => p.GetProperty("difference").GetDouble()));
        Assert.All(findings, f => Assert.InRange(f.GetProperty("difference").GetDouble(), f.GetProperty("low").GetDouble(),
            f.GetProperty("high").GetDouble()));
        string page = File.ReadAllText(_root.Path("reports/study/report.html"));
        Assert.Contains("more steps leave fewer edits", page);
        Assert.Matches("<strong>doesn.+t hold</strong>", page);
    }

    [Fact]
    public async Task A_claim_about_a_cell_or_metric_that_there_is_not_is_bad_input()
    {
        JobOutcome outcome =
            await _root.Run(Manifest("""{ "claim": "c", "metric": "exactMatch", "better": ["a/steps=9"], "than": ["a/steps=1"] }"""));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Equal(("/findings", "a finding names the cell \"a/steps=9\"; the predictions have a/steps=1, a/steps=8, b/steps=1, "
            + "b/steps=8"), (outcome.Problems[0].Pointer, outcome.Problems[0].Message));
        outcome =
            await _root.Run(
                Manifest("""{ "claim": "c", "metric": "bleu", "better": ["a/steps=8"], "than": ["a/steps=1", "b/steps=1"] }"""));
        Assert.Equal(["/findings/0/metric", "/findings/0/than"], outcome.Problems.Select(p => p.Pointer).Order());
    }

    [Fact]
    public async Task A_pipeline_scores_the_results_of_its_jobs_together()
    {
        _root.WithGoldenModel();
        _root.WriteLines("data/in.jsonl", Enumerable.Range(0, 6).Select(i => new { id = $"i{i}", source = $"s {i}", target = $"t {i}" }));
        string tokenizer =
            """{ "new": { "hiddenSize": 16, "layers": 1, "heads": 2, "feedForwardSize": 16, "maxPositions": 32, "dropout": 0 }, "tokenizer": { "train": "bpe", "vocabularySize": 270 } }""";
        string Train(string name, int seed) =>
            $$"""{ "kind": "finetune", "name": "{{name}}", "model": {{tokenizer}}, "data": { "train": "data/in.jsonl", "maxLength": 32 }, "training": { "steps": 2, "batchTokens": 64 }, "seed": {{seed}}, "output": "models/{{name}}" }""";
        string Sample(string name) =>
            $$"""{ "kind": "sample", "name": "s-{{name}}", "model": { "from": "models/{{name}}" }, "input": "data/in.jsonl", "sampler": { "steps": [1, 2], "length": { "source": "oracle" } }, "output": "results/both/{{name}}" }""";
        JobOutcome outcome = await _root.MustRun($$"""
            { "kind": "pipeline", "name": "p", "jobs": [
              { "kind": "evaluate", "name": "e", "predictions": "results/both", "references": "data/in.jsonl", "metrics": ["chrf", "cost"], "output": "reports/both",
                "findings": [ { "claim": "two steps are better", "metric": "chrf", "better": ["one/steps=2", "two/steps=2"], "than": ["one/steps=1", "two/steps=1"] } ] },
              {{Train("one", 1)}}, {{Sample("one")}}, {{Train("two", 2)}}, {{Sample("two")}} ] }
            """);
        Assert.Equal("e", outcome.Jobs[^1].Name);
        JsonElement report = JsonDocument.Parse(File.ReadAllText(_root.Path("reports/both/report.json"))).RootElement;
        Assert.Equal(["one/steps=1", "one/steps=2", "two/steps=1", "two/steps=2"],
            report.GetProperty("cells").EnumerateArray().Select(c => c.GetProperty("cell").GetString()));
        // Settings and cost are those of each results folder's own manifest.
        Assert.All(report.GetProperty("cells").EnumerateArray(),
            c => Assert.True(c.GetProperty("sampler").GetProperty("steps").GetInt32() > 0
                && c.GetProperty("cost").GetProperty("seconds").GetDouble() > 0));
        Assert.Single(report.GetProperty("findings").EnumerateArray());
    }

    [Fact]
    public async Task Results_that_are_not_finished_are_not_scored()
    {
        _root.Write("results/study/b/manifest.json",
            """{"fingerprint":"x","state":"running","items":{"total":2,"succeeded":0,"errored":0},"startedAt":"2026-01-01T00:00:00Z"}""");
        JobOutcome outcome =
            await _root.Run(Manifest("""{ "claim": "c", "metric": "exactMatch", "better": ["a/steps=8"], "than": ["a/steps=1"] }"""));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains("results/study/b", outcome.Problems[0].Message);
    }
}
