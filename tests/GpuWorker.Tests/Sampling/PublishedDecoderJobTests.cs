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
        foreach (string file in (string[])["config.json", "model.safetensors"])
            File.Copy(Path.Combine(golden, file), root.Path($"models/llama/{file}"));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, "fast-dllm.json")));
        JsonElement[] runs = [.. json.RootElement.GetProperty("cases").EnumerateArray().Where(c =>
            c.GetProperty("cache").GetString() == "none" && c.GetProperty("threshold").ValueKind == JsonValueKind.Number
                && c.GetProperty("block_length").GetInt32() == 8)];
        Assert.InRange(runs.Length, 5, 1000);
        root.WriteLines("data/in.jsonl",
            runs.Select((c, i) => new { id = $"r{i}", promptIds = c.GetProperty("prompt"), length = c.GetProperty("gen_length") }));
        string thresholds = string.Join(", ", runs.Select(c => c.GetProperty("threshold").GetRawText()).Distinct());
        await root.MustRun($$"""
            { "kind": "sample", "name": "fast", "model": { "from": "models/llama" }, "input": "data/in.jsonl", "output": "results/fast",
              "sampler": { "preset": "threshold", "threshold": [{{thresholds}}], "blockLength": 8, "closing": "none", "length": { "source": "fixed", "value": 1 } } }
            """);
        for (int i = 0; i < runs.Length; i++)
        {
            string threshold = runs[i].GetProperty("threshold").GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture);
            var line = JsonDocument.Parse(root.Lines($"results/fast/steps=50,threshold={threshold}")[$"r{i}"]).RootElement;
            Assert.Equal(runs[i].GetProperty("final").EnumerateArray().Select(t => t.GetInt32()),
                line.GetProperty("ids").EnumerateArray().Select(t => t.GetInt32()));
            Assert.Equal(runs[i].GetProperty("nfe").GetInt32(), line.GetProperty("nfe").GetInt32());
        }
    }

    [Fact]
    public async Task A_cell_whose_cache_is_an_approximation_says_so_in_the_results_manifest_and_in_the_report()
    {
        using WorkRoot root = TemplateJobTests.Root();
        root.WriteLines("data/in.jsonl", Enumerable.Range(0, 3).Select(i => new { id = $"r{i}", source = "Lily", target = "x" }));
        await root.MustRun("""
            { "kind": "pipeline", "name": "p", "jobs": [
              { "kind": "sample", "name": "s", "model": { "from": "models/m" }, "input": "data/in.jsonl", "output": "results",
                "sampler": { "preset": "llada", "steps": 6, "blockLength": 3, "cache": ["none", "prefix", "dual"], "length": { "source": "fixed", "value": 6 } } },
              { "kind": "evaluate", "name": "e", "predictions": "results", "references": "data/in.jsonl", "metrics": ["cost"], "output": "report" } ] }
            """);
        foreach (string file in (string[])["results/manifest.json", "report/report.json"])
        {
            var cells = JsonDocument.Parse(File.ReadAllText(root.Path(file))).RootElement.GetProperty("cells").EnumerateArray();
            foreach (JsonElement cell in cells)
            {
                string cache = cell.GetProperty("sampler").GetProperty("cache").GetString()!;
                Assert.Equal(cache != "none", cell.TryGetProperty("approximation", out JsonElement approximation));
                if (cache != "none") Assert.StartsWith($"cache {cache}", approximation.GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Masks_among_a_lines_ids_are_filled_and_nothing_else_changes()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        int mask = JsonDocument.Parse(File.ReadAllText(SharedData.Require("golden/xlm-roberta/decode.json"))).RootElement.GetProperty(
            "mask_token_id").GetInt32();
        root.WriteLines("data/in.jsonl",
            [new { id = "a", promptIds = new[] { 0, mask, 17, mask, 31 } },
                new { id = "b", promptIds = new[] { 0, 5, mask }, length = 2 }]);
        await root.MustRun("""
            { "kind": "sample", "name": "fill", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results/fill", "sampler": { "steps": [2, 4] } }
            """);
        foreach (int steps in (int[])[2, 4])
        {
            var lines = root.Lines($"results/fill/steps={steps}");
            Assert.Equal(2, JsonDocument.Parse(lines["a"]).RootElement.GetProperty("ids").GetArrayLength());
            Assert.Equal(3, JsonDocument.Parse(lines["b"]).RootElement.GetProperty("ids").GetArrayLength());
        }
    }
}
