using System.Text.Json;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Finetuning;

/// <summary>The multinomial and the continuous absorbing process from training over sampling to the likelihood in a report.</summary>
public sealed class MultinomialJobTests
{
    const string Training =
        """ "training": { "steps": 60, "batchTokens": 512, "learningRate": 0.02, "warmupSteps": 5, "evaluateEvery": 60 } """;
    const string Model =
        """ "model": { "new": { "hiddenSize": 16, "layers": 2, "heads": 2, "feedForwardSize": 32, "maxPositions": 32, "dropout": 0, "vocabularySize": 9 } } """;

    static WorkRoot Root()
    {
        var root = new WorkRoot();
        var lines = Enumerable.Range(0, 40).Select(i => (Id: $"c{i}", Ids: (int[])[i % 8, (i + 1) % 8, (i + 2) % 8, (i + 3) % 8]))
            .ToArray();
        root.WriteLines("data/train.jsonl", lines.Select(l => new { id = l.Id, promptIds = (int[])[0], targetIds = l.Ids }));
        root.WriteLines("data/test.jsonl", lines.Take(8).Select(l => new { id = l.Id, promptIds = (int[])[0], length = 4 }));
        return root;
    }

    static async Task<(WorkRoot Root, JsonElement Likelihood)> Run(string objective, string presets)
    {
        WorkRoot root = Root();
        await root.MustRun(
            $$"""{ "kind": "finetune", "name": "m", {{Model}}, "data": { "train": "data/train.jsonl", "maxLength": 16 }, "objective": { {{objective}} }, {{Training}}, "output": "models/m" }""");
        await root.MustRun(
            $$"""{ "kind": "sample", "name": "s", "model": { "from": "models/m" }, "input": "data/test.jsonl", "output": "results/m", "sampler": { "steps": 4, "temperature": 1, "preset": [{{presets}}] } }""");
        await root.MustRun("""
            { "kind": "evaluate", "name": "e", "predictions": "results/m", "references": "data/train.jsonl", "output": "reports/m",
              "metrics": [{ "name": "likelihood", "model": "models/m", "draws": 64 }, { "name": "likelihood", "as": "judged", "model": "models/m", "texts": "predictions", "draws": 8 }] }
            """);
        using var report = JsonDocument.Parse(File.ReadAllText(root.Path("reports/m/report.json")));
        return (root, report.RootElement.GetProperty("cells")[0].GetProperty("metrics").Clone());
    }

    [Theory]
    [InlineData(""" "process": "multinomial" """, null)]
    [InlineData(
        """ "process": "multinomial", "noise": "unigram", "schedule": "improvedCosine", "time": "continuous", "times": "antithetic" """,
        null)]
    [InlineData(""" "process": "multinomial", "weighting": "bound" """, "bound:multinomial|draws:64|texts:references|unit:nats/token")]
    public async Task A_multinomial_model_is_trained_sampled_and_measured(string objective, string? signature)
    {
        var (root, metrics) = await Run(objective, """ "rdm", "ancestral", "dndm" """);
        using (root)
        {
            using (var checkpoint = Checkpoint.Load(root.Path("models/m"))) Assert.Equal("multinomial", checkpoint.Settings!.Process);
            foreach (string preset in (string[])["rdm", "ancestral", "dndm"])
                foreach (string line in root.Lines($"results/m/steps=4,preset={preset}").Values)
                    Assert.All(JsonDocument.Parse(line).RootElement.GetProperty("ids").EnumerateArray(),
                        id => Assert.InRange(id.GetInt32(), 0, 7));
            var score = metrics.GetProperty("likelihood");
            if (signature is null) return; // another weighting is no bound, and need not learn one
            Assert.Equal(signature, score.GetProperty("signature").GetString());
            Assert.InRange(score.GetProperty("score").GetDouble(), 0, Math.Log(8));
        }
    }

    [Fact]
    public async Task The_bound_of_a_continuous_absorbing_model_lies_in_its_interval_and_below_that_of_chance()
    {
        var (root, metrics) = await Run(""" "weighting": "reciprocal", "time": "continuous", "times": "antithetic", "masking": "exactK" """,
            """ "first-hitting", "ancestral", "remdm", "dndm" """);
        using (root)
        {
            var score = metrics.GetProperty("likelihood");
            double nats = score.GetProperty("score").GetDouble();
            Assert.Equal("bound:absorbing|estimator:exactK|draws:64|texts:references|unit:nats/token",
                score.GetProperty("signature").GetString());
            Assert.Equal(Math.Exp(nats), score.GetProperty("perplexity").GetDouble(), 1e-9);
            Assert.InRange(nats, score.GetProperty("low").GetDouble(), score.GetProperty("high").GetDouble());
            Assert.InRange(nats, 0.25 * Math.Log(8), 0.9 * Math.Log(8)); // the first token of four tells the rest
        }
    }

    [Fact]
    public async Task A_preset_that_masks_is_not_for_a_multinomial_model()
    {
        using WorkRoot root = Root();
        await root.MustRun(
            $$"""{ "kind": "finetune", "name": "m", {{Model}}, "data": { "train": "data/train.jsonl", "maxLength": 16 }, "objective": { "process": "multinomial" }, "training": { "steps": 1 }, "output": "models/m" }""");
        JobOutcome outcome =
            await root.Run(
                """{ "kind": "sample", "name": "s", "model": { "from": "models/m" }, "input": "data/test.jsonl", "output": "results/m", "sampler": { "preset": "maskgit" } }""");
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains("the preset \"maskgit\" is not for a model that shows noise in place of masks (the process \"multinomial\"); "
            + "expected one of \"ancestral\", \"dndm\", \"rdm\"", outcome.Problems[0].Message, StringComparison.Ordinal);
    }
}
