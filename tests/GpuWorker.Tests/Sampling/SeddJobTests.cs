using System.Text.Json;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

/// <summary>SEDD's published folders and trained ones through whole jobs.</summary>
public sealed class SeddJobTests
{
    static WorkRoot WithSedd(string graph)
    {
        string golden = SharedData.Require("golden/sedd-" + graph);
        var root = new WorkRoot();
        Directory.CreateDirectory(root.Path("models/sedd"));
        foreach (string file in (string[])["config.json", "model.safetensors"])
            File.Copy(Path.Combine(golden, file), root.Path($"models/sedd/{file}"));
        return root;
    }

    static string Sample(string sampler) => $$"""
        { "kind": "sample", "name": "sedd", "model": { "from": "models/sedd" }, "input": "data/in.jsonl", "output": "results/sedd", "sampler": {{sampler}} }
        """;

    [Theory]
    [InlineData("absorb")]
    [InlineData("uniform")]
    public async Task A_published_folder_writes_behind_prompts_and_without_one(string graph)
    {
        using WorkRoot root = WithSedd(graph);
        root.WriteLines("data/in.jsonl",
            [new { id = "free", promptIds = Array.Empty<int>() }, new { id = "behind", promptIds = new[] { 5, 6, 7 }, length = 9 }]);
        await root.MustRun(
            Sample("""{ "preset": ["sedd-euler", "sedd-tweedie"], "steps": [4, 16], "length": { "source": "fixed", "value": 12 } }"""));
        foreach (string preset in (string[])["sedd-euler", "sedd-tweedie"])
            foreach (int steps in (int[])[4, 16])
            {
                var found = root.Lines($"results/sedd/steps={steps},preset={preset}");
                foreach (var (id, length) in new[] { ("free", 12), ("behind", 9) })
                {
                    var item = JsonDocument.Parse(found[id]).RootElement;
                    Assert.All(item.GetProperty("ids").EnumerateArray(), token => Assert.InRange(token.GetInt32(), 0, 29));
                    Assert.Equal(length, item.GetProperty("ids").GetArrayLength());
                    Assert.InRange(item.GetProperty("nfe").GetInt32(), 1, steps + 1);
                    if (graph == "uniform") Assert.Equal(steps + 1, item.GetProperty("nfe").GetInt32());
                }
            }
    }

    [Fact]
    public async Task Masks_of_a_full_canvas_are_filled_in()
    {
        using WorkRoot root = WithSedd("absorb");
        root.WriteLines("data/in.jsonl", [new { id = "holes", promptIds = new[] { 1, 30, 2, 3, 4, 5, 6, 7, 8, 9, 30, 10 } }]);
        await root.MustRun(Sample("""{ "preset": "sedd-tweedie", "steps": 4 }"""));
        var ids = JsonDocument.Parse(root.Lines("results/sedd/steps=4")["holes"]).RootElement.GetProperty("ids").EnumerateArray()
            .Select(t => t.GetInt32()).ToArray();
        Assert.Equal(2, ids.Length);
        Assert.All(ids, id => Assert.InRange(id, 0, 29));
    }

    [Fact]
    public async Task Presets_for_other_networks_are_bad_input_that_names_those_that_fit()
    {
        using WorkRoot root = WithSedd("absorb");
        root.WriteLines("data/in.jsonl", [new { id = "a", promptIds = new[] { 5 }, length = 3 }]);
        JobOutcome outcome = await root.Run(Sample("""{ "preset": "llada", "steps": 4, "length": { "source": "fixed", "value": 3 } }"""));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains(outcome.Problems, p => p.Message.Contains("\"sedd-tweedie\"", StringComparison.Ordinal)
            && p.Pointer == "/sampler/preset");
        Assert.False(Directory.Exists(root.Path("results")));

        using WorkRoot other = new WorkRoot().WithGoldenModel();
        other.WriteLines("data/in.jsonl", [new { id = "a", promptIds = new[] { 0, 5 }, length = 3 }]);
        outcome = await other.Run(Sample("""{ "preset": "sedd-euler", "steps": 4 }""")
            .Replace("models/sedd", "models/golden", StringComparison.Ordinal));
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains(outcome.Problems, p => p.Message.Contains("\"rdm\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pipeline_trains_SEDD_and_samples_it()
    {
        using var root = new WorkRoot();
        root.WriteLines("data/train.jsonl",
            Enumerable.Range(0, 40).Select(i => new { id = $"t{i}", source = $"eins zwei {i % 5}", target = $"one two {i % 5}" }));
        root.WriteLines("data/in.jsonl", [new { id = "a", source = "eins zwei 3", target = "one two 3" }]);
        await root.MustRun("""
            { "kind": "pipeline", "name": "both", "jobs": [
              { "kind": "finetune", "name": "train", "model": { "new": { "architecture": "sedd", "hiddenSize": 16, "layers": 1, "heads": 2, "maxPositions": 32 }, "tokenizer": { "train": "bpe", "vocabularySize": 300 } },
                "data": { "train": "data/train.jsonl", "validation": "data/in.jsonl", "prompt": "{source} = ", "maxLength": 32 },
                "objective": { "process": "sedd-absorb", "noiseSchedule": "geometric", "sigmaMin": 0.001 },
                "training": { "steps": 5, "batchTokens": 200, "ema": 0.99 }, "length": { "predictor": { "steps": 3 } }, "output": "models/sedd" },
              { "kind": "sample", "name": "sample", "model": { "from": "models/sedd" }, "input": "data/in.jsonl", "output": "results/sedd",
                "sampler": { "preset": "sedd-tweedie", "steps": 4, "length": { "source": "predicted", "beam": 2 } } } ] }
            """);
        var settings = JsonDocument.Parse(File.ReadAllText(root.Path("models/sedd/diffusion.json"))).RootElement;
        Assert.Equal(("sedd-absorb", "geometric", 0.001, 20),
            (settings.GetProperty("process").GetString(), settings.GetProperty("noiseSchedule").GetString(),
            settings.GetProperty("sigmaMin").GetDouble(), settings.GetProperty("sigmaMax").GetDouble()));
        var config = JsonDocument.Parse(File.ReadAllText(root.Path("models/sedd/config.json"))).RootElement;
        Assert.Equal(("absorb", 0.001, 16),
            (config.GetProperty("graph").GetProperty("type").GetString(), config.GetProperty("noise").GetProperty("sigma_min").GetDouble(),
            config.GetProperty("model").GetProperty("hidden_size").GetInt32()));
        var line = JsonDocument.Parse(root.Lines("results/sedd/steps=4")["a"]).RootElement;
        Assert.NotNull(line.GetProperty("text").GetString());
        // Trained again from there it keeps its noise; another process is refused.
        JobOutcome outcome = await root.Run("""
            { "kind": "finetune", "name": "again", "model": { "from": "models/sedd" }, "data": { "train": "data/train.jsonl", "maxLength": 32 }, "objective": { "process": "sedd-uniform" },
              "training": { "steps": 1 }, "output": "models/again" }
            """);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains(outcome.Problems, p => p.Message.Contains("expected sedd-absorb", StringComparison.Ordinal));
    }
}
