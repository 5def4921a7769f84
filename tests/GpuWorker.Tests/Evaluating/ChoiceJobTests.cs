using System.Text.Json;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Evaluating;

/// <summary>Questions of multiple choice, answered by the likelihood of the choices under models of several processes.</summary>
public sealed class ChoiceJobTests : IDisposable
{
    readonly WorkRoot _root = new();

    /// <summary>Which letter follows: a model that has learnt the alphabet knows.</summary>
    public ChoiceJobTests()
    {
        _root.WriteLines("data/train.jsonl",
            Enumerable.Range(0, 120).Select(i => new { id = $"t{i}", source = Letters(i, 3), target = Letters(i + 3, 2) }));
        _root.WriteLines("data/test.jsonl",
            Enumerable.Range(0, 24)
                .Select(i => new
                {
                    id = $"e{i}",
                    source = Letters(i, 3),
                    target = Letters(i + 3, 2),
                    choices = (string[])[Letters(i + 9, 2), Letters(i + 3, 2), Letters(i + 12, 2)]
                }));
        _root.WriteLines("predictions.jsonl", Enumerable.Range(0, 24).Select(i => new { id = $"e{i}", text = Letters(i, 1) }));
    }

    static string Letters(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(i => (char)('a' + i % 20)));

    public void Dispose() => _root.Dispose();

    static string Evaluate(string process, string more = "") => $$"""
        { "kind": "evaluate", "name": "e", "predictions": "predictions.jsonl", "references": "data/test.jsonl", "output": "reports/{{process}}",
          "metrics": [ { "name": "choiceLikelihood", "model": "models/{{process}}"{{more}} },
            { "name": "choiceLikelihood", "as": "misled", "model": "models/{{process}}", "prompt": "{source}xyz="{{more}} }, "choice" ] }
        """;

    [Theory]
    [InlineData("autoregressive", "exact:leftToRight")]
    [InlineData("absorbing", "bound:absorbing|estimator:exactK|draws:8")]
    public async Task A_model_that_knows_finds_the_right_choice_likelier(string process, string form)
    {
        await _root.MustRun($$"""
            { "kind": "finetune", "name": "f", "output": "models/{{process}}", "objective": { "process": "{{process}}" },
              "model": { "new": { "architecture": "llama", "hiddenSize": 32, "layers": 1, "heads": 2, "feedForwardSize": 64, "maxPositions": 24, "dropout": 0 }, "tokenizer": { "train": "bpe", "vocabularySize": 280 } },
              "data": { "train": "data/train.jsonl", "prompt": "{source}=", "maxLength": 24 }, "training": { "steps": 200, "batchTokens": 512, "learningRate": 0.01, "warmupSteps": 5 } }
            """);
        await _root.MustRun(Evaluate(process, process == "absorbing" ? ", \"draws\": 8" : ""));
        var metrics = JsonDocument.Parse(File.ReadAllText(_root.Path($"reports/{process}/report.json"))).RootElement.GetProperty(
            "cells")[0].GetProperty("metrics");
        var score = metrics.GetProperty("choiceLikelihood");
        Assert.True(score.GetProperty("score").GetDouble() > 80, $"{score}; a third by chance");
        Assert.True(metrics.GetProperty("misled").GetProperty("score").GetDouble() < score.GetProperty("score").GetDouble(),
            "the prompt makes no difference");
        Assert.Equal(["none", "tokens", "bytes"], score.GetProperty("conventions").EnumerateObject().Select(c => c.Name));
        Assert.StartsWith(form, score.GetProperty("signature").GetString());
    }

    Task Untrained() => _root.MustRun("""
        { "kind": "finetune", "name": "f", "output": "models/m", "objective": { "process": "autoregressive" },
          "model": { "new": { "architecture": "llama", "hiddenSize": 16, "layers": 1, "heads": 2, "feedForwardSize": 16, "maxPositions": 24, "dropout": 0 }, "tokenizer": { "train": "bpe", "vocabularySize": 280 } },
          "data": { "train": "data/train.jsonl", "maxLength": 24 }, "training": { "steps": 1, "batchTokens": 64 } }
        """);

    [Fact]
    public async Task Examples_before_the_prompt_are_read_as_if_the_line_had_them_itself()
    {
        await Untrained();
        var pool = Enumerable.Range(0, 40).Select(i => new TrainingPair($"e{i}", Letters(7 * i, 2), Letters(i, 1))).ToList();
        _root.WriteLines("data/dev.jsonl", pool.Select(p => new { id = p.Id, source = p.Source, target = p.Target }));
        var drawn = new Demonstrations(pool, 2, ";", seed: 3);
        _root.WriteLines("data/shown.jsonl", Enumerable.Range(0, 24).Select(i => new
        {
            id = $"e{i}",
            source = drawn.Before($"e{i}", new PromptTemplate("{source}>", "{target}")) + Letters(i, 3),
            target = Letters(i + 3, 2),
            choices = (string[])[Letters(i + 9, 2), Letters(i + 3, 2), Letters(i + 12, 2)],
        }));
        string Metric(string label, string more) =>
            $$"""{ "name": "choiceLikelihood", "as": "{{label}}", "model": "models/m", "prompt": "{source}>"{{more}} }""";
        string Job(string name, string references, params string[] metrics) => $$"""
            { "kind": "evaluate", "name": "e", "predictions": "predictions.jsonl", "references": "data/{{references}}.jsonl", "seed": 3,
              "output": "reports/{{name}}", "metrics": [ {{string.Join(", ", metrics)}} ] }
            """;
        const string shots = """, "shots": { "file": "data/dev.jsonl", "count": 2, "separator": ";" }""";
        const string many = """, "shots": { "file": "data/dev.jsonl", "count": 9, "separator": ";" }""";
        await _root.MustRun(Job("drawn", "test", Metric("two", shots), Metric("none", ""), Metric("long", many),
            Metric("cut", many + """, "maxPromptTokens": 20""")));
        await _root.MustRun(Job("shown", "shown", Metric("two", "")));
        var report = Metrics("drawn");
        Assert.Equal(Metrics("shown").GetProperty("two").GetProperty("conventions").ToString(),
            report.GetProperty("two").GetProperty("conventions").ToString());
        Assert.Equal("exact:leftToRight|normalize:none|shots:2", report.GetProperty("two").GetProperty("signature").GetString());
        Assert.NotEqual(Score("none"), Score("two"));
        Assert.Equal(JsonValueKind.Null, Score("long").ValueKind); // beyond the model's positions
        Assert.Equal(JsonValueKind.Number, Score("cut").ValueKind);

        JsonElement Score(string label) => report.GetProperty(label).GetProperty("score");
        JsonElement Metrics(string name) => JsonDocument.Parse(File.ReadAllText(_root.Path($"reports/{name}/report.json"))).RootElement
            .GetProperty("cells")[0].GetProperty("metrics");
    }

    [Fact]
    public async Task A_file_of_examples_that_cannot_serve_is_told_before_anything_is_scored()
    {
        await Untrained();
        JobOutcome outcome = await _root.Run(Evaluate("m", """, "shots": { "file": "data/test.jsonl", "count": 24 }"""));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains("the file has 24 pairs; expected more than the 24 demonstrations", outcome.Problems[0].Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_choices_is_told_before_anything_is_scored()
    {
        await Untrained();
        _root.WriteLines("data/test.jsonl",
            Enumerable.Range(0, 2).Select(i => new { id = $"e{i}", source = "a", target = "b", choices = new { other = 1 } }));
        JobOutcome outcome = await _root.Run(Evaluate("m"));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains("item \"e0\" has no \"choices\" in its reference line", outcome.Problems[0].Message, StringComparison.Ordinal);
    }
}
