using System.Text.Json;
using DiffusionBatch.Diffusion.Checkpoints;

namespace DiffusionBatch.Cli.Tests.Commands;

public sealed class UntrimTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_trimmed_vocabulary_comes_back_tensor_for_tensor()
    {
        File.WriteAllLines(_folder["pairs.jsonl"],
            Enumerable.Range(0, 20).Select(i => JsonSerializer.Serialize(new { id = $"p{i}", source = $"one {i}", target = "two" })));
        File.WriteAllLines(_folder["few.jsonl"],
            Enumerable.Range(0, 4).Select(i => JsonSerializer.Serialize(new { id = $"p{i}", source = "one", target = "two" })));
        // The updates stay beside the weights, so these are the first model's.
        File.WriteAllText(_folder["jobs.json"], """
            { "kind": "pipeline", "name": "trim", "jobs": [
              { "kind": "finetune", "name": "first", "output": "first", "data": { "train": "pairs.jsonl", "maxLength": 32 }, "training": { "steps": 2 },
                "model": { "new": { "hiddenSize": 16, "layers": 1, "heads": 2, "feedForwardSize": 16, "maxPositions": 32 }, "tokenizer": { "train": "bpe", "vocabularySize": 280 } } },
              { "kind": "finetune", "name": "trimmed", "output": "trimmed", "data": { "train": "few.jsonl", "maxLength": 32 }, "training": { "steps": 2 },
                "model": { "from": "first" }, "vocabulary": { "trim": true }, "lora": { "rank": 2, "targets": ["query"] }, "length": { "predictor": { "steps": 1 } } } ] }
            """);
        var ran = await Dbatch.RunAsync(_folder.Path, "run", "jobs.json");
        Assert.True(ran.ExitCode == 0, ran.Error);
        var ended = await Dbatch.RunAsync(_folder.Path, "untrim", "trimmed", "--original", "first", "--out", "whole");
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal(File.ReadAllBytes(_folder["first/model.safetensors"]), File.ReadAllBytes(_folder["whole/model.safetensors"]));
        Assert.NotEqual(File.ReadAllBytes(_folder["first/model.safetensors"]).Length,
            File.ReadAllBytes(_folder["trimmed/model.safetensors"]).Length);
        using (Checkpoint first = Checkpoint.Load(_folder["first"]), trimmed = Checkpoint.Load(_folder["trimmed"]),
            whole = Checkpoint.Load(_folder["whole"]))
        {
            Assert.Equal(first.Specials, whole.Specials);
            Assert.NotEqual(first.Specials, trimmed.Specials);
            Assert.Equal(first.Tokenizer!.Encode("one 7"), whole.Tokenizer!.Encode("one 7"));
            Assert.NotNull(whole.LengthPredictor);
            Assert.NotNull(whole.Adapter);
        }
        foreach (var (message, arguments) in new[]
        {
            ("there is a model in it already", (string[])["trimmed", "--original", "first", "--out", "whole"]),
            ("the vocabulary was not trimmed", ["first", "--original", "first", "--out", "other"]),
            ("was not trimmed from", ["trimmed", "--original", "trimmed", "--out", "other"]),
        })
        {
            var refused = await Dbatch.RunAsync(_folder.Path, ["untrim", .. arguments]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(_folder["other"]));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
