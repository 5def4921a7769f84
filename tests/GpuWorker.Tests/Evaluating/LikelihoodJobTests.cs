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
        _root.WriteLines("data/train.jsonl", Enumerable.Range(0, 60).Select(i => new { id = $"t{i}", promptIds = (int[])[3 + i % 12], targetIds = Climb(i) }));
        _root.WriteLines("data/test.jsonl", Enumerable.Range(0, 12).Select(i => new { id = $"e{i}", promptIds = (int[])[3 + i % 12], targetIds = Climb(i) }));
        _root.WriteLines("predictions.jsonl", Enumerable.Range(0, 12).Select(i => new { id = $"e{i}", text = (string?)null, ids = Climb(i) }));
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
        Assert.True(nats > 0 && nats < Math.Log(16), $"{process}: {nats} nats a token; a model that knows nothing needs {Math.Log(16):0.00}");
    }

    [Fact]
    public async Task A_process_without_a_bound_is_refused()
    {
        await _root.MustRun(Finetune("sundae"));
        JobOutcome outcome = await _root.Run(Evaluate("sundae"));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Equal(("/metrics/0/model", "the process \"sundae\" has neither a likelihood nor a bound of it; expected a model of another process"), (outcome.Problems[0].Pointer, outcome.Problems[0].Message));
    }
}
