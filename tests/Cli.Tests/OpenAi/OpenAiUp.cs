using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Cli.Tests.Running;

namespace DiffusionBatch.Cli.Tests.OpenAi;

/// <summary><c>dbatch up</c> with a small model, the 1,000 requests of a batch, and what the same items come to by a manifest.</summary>
public sealed class OpenAiUp : IAsyncLifetime
{
    internal const string Model = "numbers";
    internal const int Count = 1000;

    readonly TemporaryFolder _folder = new();
    readonly UpProcess _up = new();

    /// <summary>What clients are given as base URL.</summary>
    internal Uri Address => new(_up.Url!, "v1");

    /// <summary>The file of requests.</summary>
    internal string Requests => Path.Combine(_folder.Path, "requests.jsonl");

    /// <summary>The result lines of the manifest's job, in order.</summary>
    internal IReadOnlyList<JsonElement> Expected { get; private set; } = [];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _folder.Write("data/train.jsonl", SmallPipeline.Pairs(0, 100));
        _folder.Write("data/items.jsonl", Lines(i => $$"""{"id":"r{{i}}","source":"eins {{i}}","length":{{Length(i)}}}"""));
        _folder.Write("requests.jsonl", Lines(i => $$$"""
            {"custom_id":"r{{{i}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"{{{Model}}}","messages":[{"role":"user","content":"eins {{{i}}}"}],"max_tokens":{{{Length(i)}}},"diffusion":{"steps":2} } }
            """));
        _folder.Write("manifest.json", $$"""
            { "kind": "pipeline", "name": "reference", "jobs": [
              { "kind": "finetune", "name": "train",
                "model": { "new": { "architecture": "xlm-roberta", "hiddenSize": 16, "layers": 1, "heads": 2, "feedForwardSize": 32, "maxPositions": 66 },
                           "tokenizer": { "train": "bpe", "vocabularySize": 300 } },
                "data": { "train": "data/train.jsonl", "prompt": "{source} = ", "maxLength": 64 },
                "training": { "steps": 4, "batchTokens": 256, "learningRate": 3e-3 }, "output": "models/{{Model}}" },
              { "kind": "sample", "name": "items", "model": { "from": "models/{{Model}}" }, "input": "data/items.jsonl",
                "sampler": { "steps": 2 }, "output": "results/items" }
            ] }
            """);
        await _up.StartAsync(_folder.Path, "--root", Path.Combine(_folder.Path, "state"), "--workers", "1");
        Dbatch.Ended submitted = await _up.RunAsync(_folder.Path, "submit", "manifest.json", "--upload", ".", "--wait");
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        Dbatch.Ended results = await _up.RunAsync(_folder.Path, "results", "items");
        Assert.True(results.ExitCode == 0, results.Error);
        Expected = [.. results.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(Count, Expected.Count);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _up.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Holds a batch's output to the results by manifest.</summary>
    internal void Check(string output)
    {
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(Count, lines.Length);
        foreach (var (line, result) in lines.Zip(Expected))
        {
            JsonElement response = line.GetProperty("response"), body = response.GetProperty("body"),
                diffusion = body.GetProperty("diffusion"), usage = body.GetProperty("usage");
            Assert.Equal((result.GetProperty("id").GetString(), 200, JsonValueKind.Null),
                (line.GetProperty("custom_id").GetString(), response.GetProperty("status_code").GetInt32(),
                    line.GetProperty("error").ValueKind));
            Assert.Equal(result.GetProperty("text").GetString(),
                body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
            Assert.Equal((Raw(result, "nfe"), Raw(result, "score"), "2"),
                (Raw(diffusion, "nfe"), Raw(diffusion, "score"), Raw(diffusion, "steps")));
            long prompt = usage.GetProperty("prompt_tokens").GetInt64(), completion = usage.GetProperty("completion_tokens").GetInt64();
            Assert.Equal((Raw(result, "length"), prompt + completion), ($"{completion}", usage.GetProperty("total_tokens").GetInt64()));
            Assert.InRange(prompt, 3, 40);
        }
    }

    static string Raw(JsonElement element, string name) => element.GetProperty(name).GetRawText();

    static int Length(int i) => 2 + i % 3;

    static string Lines(Func<int, FormattableString> line) =>
        string.Concat(Enumerable.Range(0, Count).Select(i => line(i).ToString(CultureInfo.InvariantCulture) + "\n"));
}
