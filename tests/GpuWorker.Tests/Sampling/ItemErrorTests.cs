using System.Text.Json;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

public sealed class ItemErrorTests
{
    static string? Code(string line) =>
        JsonDocument.Parse(line).RootElement.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetString() : null;

    [Fact]
    public async Task Items_fail_alone_with_typed_errors()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel(predictor: false);
        root.WriteLines("data/in.jsonl",
        [
            new { id = "good", promptIds = (int[])[0, 5, 6], length = 4 },
            new { id = "longest", promptIds = (int[])[0, 5, 6], length = 126 },
            new { id = "too long", promptIds = (int[])[0, 5, 6], length = 127 },
            new { id = "no length", promptIds = (int[])[0, 5] },
        ]);
        JobOutcome outcome = await root.MustRun("""
            { "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results", "errorThreshold": 0.5, "sampler": { "steps": 1 } }
            """);
        Assert.Equal(JobVerdict.DoneWithErrors, outcome.Verdict);
        var lines = root.Lines("results/steps=1");
        Assert.Equal([null, null, "tooLong", "noLength"],
            ((string[])["good", "longest", "too long", "no length"]).Select(id => Code(lines[id])));
    }

    [Fact]
    public async Task The_oracle_needs_a_target()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        root.WriteLines("data/in.jsonl",
        [
            new { id = "none", promptIds = (int[])[0, 5, 6] },
            new { id = "text", promptIds = (int[])[0, 5, 6], target = "without a tokenizer its tokens can't be counted" },
            new { id = "given", promptIds = (int[])[0, 5, 6], length = 3 },
        ]);
        await root.MustRun("""
            { "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results", "errorThreshold": -1,
              "sampler": { "steps": 1, "length": { "source": "oracle" } } }
            """);
        var lines = root.Lines("results/steps=1");
        Assert.Equal(["noTarget", "noLength", null], ((string[])["none", "text", "given"]).Select(id => Code(lines[id])));
    }

    [Fact]
    public async Task A_tokenizer_that_cannot_be_read_matters_where_texts_are()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        File.WriteAllText(root.Path("models/golden/sentencepiece.bpe.model"), "no model");
        root.WriteLines("data/ids.jsonl", [new { id = "a", promptIds = (int[])[0, 5] }]);
        root.WriteLines("data/texts.jsonl", [new { id = "a", promptIds = (int[])[0, 5] }, new { id = "b", source = "text" }]);
        await root.MustRun("""
            { "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/ids.jsonl", "output": "results",
              "sampler": { "steps": 1, "length": { "source": "fixed", "value": 3 } } }
            """);
        Assert.Contains("\"text\":null", root.Lines("results/steps=1")["a"], StringComparison.Ordinal);
        JobOutcome outcome = await root.Run("""
            { "kind": "sample", "name": "t", "model": { "from": "models/golden" }, "input": "data/texts.jsonl", "output": "texts" }
            """);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Equal("models/golden/sentencepiece.bpe.model", Assert.Single(outcome.Problems).File);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("config")]
    [InlineData("missing")]
    public async Task A_broken_checkpoint_is_bad_input_and_writes_nothing(string how)
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        root.WriteLines("data/in.jsonl", [new { id = "a", promptIds = (int[])[0, 5] }]);
        string weights = root.Path("models/golden/model.safetensors"), config = root.Path("models/golden/config.json");
        if (how == "truncated") File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^100]);
        if (how == "config") File.WriteAllText(config,
            File.ReadAllText(config).Replace("\"vocab_size\": 120", "\"vocab_size\": 121", StringComparison.Ordinal));
        if (how == "missing") File.Delete(weights);
        JobOutcome outcome = await root.Run("""
            { "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results" }
            """);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.All(outcome.Problems, p => Assert.StartsWith("models/golden/", p.File, StringComparison.Ordinal));
        Assert.Equal(["data", "job.json", "models"],
            Directory.GetFileSystemEntries(root.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Problems_of_input_and_model_come_together()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        root.Write("data/in.jsonl", "{\"id\":\"a\"}\n");
        File.Delete(root.Path("models/golden/model.safetensors"));
        JobOutcome outcome = await root.Run("""
            { "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results" }
            """);
        Assert.Contains(outcome.Problems, p => p.File == "data/in.jsonl" && p.Line == 1);
        Assert.Contains(outcome.Problems, p => p.File == "models/golden/model.safetensors");
    }
}
