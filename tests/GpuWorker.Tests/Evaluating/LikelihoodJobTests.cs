using System.Text.Json;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Evaluating;

/// <summary>The likelihood of one set of texts under a model of every process, by one evaluate manifest.</summary>
public sealed class LikelihoodJobTests : IDisposable
{
    readonly WorkRoot _root = new();

    /// <summary>Responses of 6 ids that climb from the prompt's on, of 12 ids: a model that has learnt it needs few nats.</summary>
    public LikelihoodJobTests()
    {
        _root.WriteLines("data/train.jsonl",
            Enumerable.Range(0, 60).Select(i => new { id = $"t{i}", promptIds = (int[])[3 + i % 12], targetIds = Climb(i) }));
        _root.WriteLines("data/test.jsonl",
            Enumerable.Range(0, 12).Select(i => new { id = $"e{i}", promptIds = (int[])[3 + i % 12], targetIds = Climb(i) }));
        _root.WriteLines("predictions.jsonl",
            Enumerable.Range(0, 12).Select(i => new { id = $"e{i}", text = (string?)null, ids = Climb(i) }));
    }

    static int[] Climb(int from) => [.. Enumerable.Range(1, 6).Select(k => 3 + (from + k) % 12)];

    public void Dispose() => _root.Dispose();

    static string Finetune(string process, string architecture = "llama", string more = "") => $$"""
        { "kind": "finetune", "name": "{{process}}", "output": "models/{{process}}", "objective": { "process": "{{process}}" {{more}} },
          "model": { "new": { "architecture": "{{architecture}}", "hiddenSize": 32, "layers": 1, "heads": 2, "feedForwardSize": 64, "maxPositions": 16, "dropout": 0, "vocabularySize": 16 } },
          "data": { "train": "data/train.jsonl", "maxLength": 16 }, "training": { "steps": 120, "batchTokens": 256, "learningRate": 0.01, "warmupSteps": 5 } }
        """;

    static string Evaluate(string process) => $$"""
        { "kind": "evaluate", "name": "e", "predictions": "predictions.jsonl", "references": "data/test.jsonl", "output": "reports/{{process}}",
          "metrics": [ { "name": "likelihood", "model": "models/{{process}}", "draws": 8 } ] }
        """;

    [Theory]
    [InlineData("absorbing", "llama", "", "bound:absorbing")]
    [InlineData("multinomial", "llama", "", "bound:multinomial")]
    [InlineData("block", "llama", ", \"blockLength\": 3", "bound:block|blockLength:3")]
    [InlineData("autoregressive", "llama", "", "exact:leftToRight")]
    [InlineData("sedd-absorb", "sedd", "", "bound:scoreEntropy")]
    [InlineData("sedd-uniform", "sedd", "", "bound:scoreEntropy")]
    public async Task Each_process_has_its_bound(string process, string architecture, string more, string signature)
    {
        await _root.MustRun(Finetune(process, architecture, more));
        await _root.MustRun(Evaluate(process));
        JsonElement score = JsonDocument.Parse(File.ReadAllText(_root.Path($"reports/{process}/report.json"))).RootElement
            .GetProperty("cells")[0].GetProperty("metrics").GetProperty("likelihood");
        Assert.Contains(signature, score.GetProperty("signature").GetString());
        double nats = score.GetProperty("score").GetDouble();
        Assert.True(nats > 0 && nats < Math.Log(16),
            $"{process}: {nats} nats a token; a model that knows nothing needs {Math.Log(16):0.00}");
    }

    [Fact]
    public async Task A_judge_s_perplexity_of_predictions_in_all_conventions()
    {
        await _root.MustRun(Finetune("autoregressive"));
        _root.WriteLines("predictions.jsonl",
            Enumerable.Range(0, 12).Select(i => new { id = $"e{i}", text = (string?)null, ids = i % 2 == 0 ? Climb(i) : [9, 3, 3] }));
        await _root.MustRun("""
            { "kind": "evaluate", "name": "e", "predictions": "predictions.jsonl", "references": "data/test.jsonl", "output": "reports/judged",
              "metrics": [ { "name": "perplexity", "model": "models/autoregressive" }, { "name": "likelihood", "model": "models/autoregressive", "texts": "predictions" } ] }
            """);
        var metrics = JsonDocument.Parse(File.ReadAllText(_root.Path("reports/judged/report.json"))).RootElement.GetProperty(
            "cells")[0].GetProperty("metrics");
        var perplexity = metrics.GetProperty("perplexity");
        double Convention(string name) => perplexity.GetProperty("conventions").GetProperty(name).GetDouble();
        Assert.Equal(metrics.GetProperty("likelihood").GetProperty("perplexity").GetDouble(), perplexity.GetProperty("score").GetDouble(),
            1e-9);
        Assert.Equal(perplexity.GetProperty("score").GetDouble(), Convention("tokens"));
        Assert.True(Convention("tokens") < Convention("sequences") && Convention("sequences") < Convention("exponentials"),
            perplexity.ToString()); // the short texts are the unlikely ones
        Assert.StartsWith("exact:leftToRight|aggregation:tokens", perplexity.GetProperty("signature").GetString());
    }

    [Fact]
    public async Task Mauve_over_a_model_s_own_vectors_tells_the_likeness_of_texts()
    {
        await _root.MustRun(Finetune("autoregressive"));
        _root.WriteLines("data/test.jsonl",
            Enumerable.Range(0, 60).Select(i => new { id = $"e{i}", promptIds = (int[])[3 + i % 12], targetIds = Climb(i) }));
        foreach (var (cell, start) in new[] { ("alike", 0), ("other", 1) })
            _root.WriteLines($"results/{cell}/part-00000.jsonl",
                Enumerable.Range(0, 60)
                    .Select(i => new
                    {
                        id = $"e{i}",
                        text = (string?)null,
                        length = 6,
                        nfe = 1,
                        ids = start == 0 ? Climb(i) : [3, 3, 3, 3, 3, 4 + i % 3]
                    }));
        const string manifest = """
            { "kind": "evaluate", "name": "e", "predictions": "results", "references": "data/test.jsonl", "output": "OUTPUT",
              "metrics": [ { "name": "mauve", "model": "models/autoregressive", "seeds": 2 }, "cost" ], "statistics": { "resamples": 0 } }
            """;
        foreach (string output in (string[])["reports/one", "reports/two"])
            await _root.MustRun(manifest.Replace("OUTPUT", output, StringComparison.Ordinal));
        Assert.Equal(File.ReadAllText(_root.Path("reports/one/report.json")), File.ReadAllText(_root.Path("reports/two/report.json")));
        var cells = JsonDocument.Parse(File.ReadAllText(_root.Path("reports/one/report.json"))).RootElement.GetProperty("cells");
        double Score(int cell) => cells[cell].GetProperty("metrics").GetProperty("mauve").GetProperty("score").GetDouble();
        Assert.True(Score(0) > 0.9 && Score(1) < 0.5, $"{Score(0)} of equal texts, {Score(1)} of others");
        Assert.Equal(60, cells[0].GetProperty("cost").GetProperty("items").GetInt32()); // of tokens alone
        Assert.StartsWith("features:lastToken|n:60,60|d:32|",
            cells[0].GetProperty("metrics").GetProperty("mauve").GetProperty("signature").GetString());
    }

    [Fact]
    public async Task A_process_without_a_bound_is_refused()
    {
        await _root.MustRun(Finetune("sundae"));
        JobOutcome outcome = await _root.Run(Evaluate("sundae"));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Equal(("/metrics/0/model", "the process \"sundae\" has neither a likelihood nor a bound of it; expected a model of "
            + "another process"), (outcome.Problems[0].Pointer, outcome.Problems[0].Message));
    }
}
