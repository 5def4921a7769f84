using System.Text.Json;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

/// <summary>Runs of published decoders through a whole job: prompt ids in, no tokenizer, no closing token.</summary>
public sealed class PublishedDecoderJobTests
{
    [Fact]
    public async Task A_sweep_over_thresholds_gives_the_published_tokens()
    {
        using var root = new WorkRoot();
        string golden = SharedData.Require("golden/llama-full");
        Directory.CreateDirectory(root.Path("models/llama"));
        foreach (string file in (string[])["config.json", "model.safetensors"]) File.Copy(Path.Combine(golden, file), root.Path($"models/llama/{file}"));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, "fast-dllm.json")));
        JsonElement[] runs = [.. json.RootElement.GetProperty("cases").EnumerateArray().Where(c =>
            c.GetProperty("cache").GetString() == "none" && c.GetProperty("threshold").ValueKind == JsonValueKind.Number && c.GetProperty("block_length").GetInt32() == 8)];
        Assert.InRange(runs.Length, 5, 1000);
        root.WriteLines("data/in.jsonl", runs.Select((c, i) => new { id = $"r{i}", promptIds = c.GetProperty("prompt"), length = c.GetProperty("gen_length") }));
        string thresholds = string.Join(", ", runs.Select(c => c.GetProperty("threshold").GetRawText()).Distinct());
        await root.MustRun($$"""
            { "kind": "sample", "name": "fast", "model": { "from": "models/llama" }, "input": "data/in.jsonl", "output": "results/fast",
              "sampler": { "preset": "threshold", "threshold": [{{thresholds}}], "blockLength": 8, "closing": "none", "length": { "source": "fixed", "value": 1 } } }
            """);
        for (int i = 0; i < runs.Length; i++)
        {
            string threshold = runs[i].GetProperty("threshold").GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture);
            var line = JsonDocument.Parse(root.Lines($"results/fast/steps=50,threshold={threshold}")[$"r{i}"]).RootElement;
            Assert.Equal(runs[i].GetProperty("final").EnumerateArray().Select(t => t.GetInt32()), line.GetProperty("ids").EnumerateArray().Select(t => t.GetInt32()));
            Assert.Equal(runs[i].GetProperty("nfe").GetInt32(), line.GetProperty("nfe").GetInt32());
        }
    }
}
