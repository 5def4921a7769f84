using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

/// <summary>The published generator's runs through whole jobs, prompt ids in, result lines out.</summary>
public sealed class GoldenJobTests
{
    static JsonElement Decode() => JsonDocument.Parse(File.ReadAllText(SharedData.Require("golden/xlm-roberta/decode.json"))).RootElement;

    static string Sampler(string strategy, int steps)
    {
        if (strategy == "ar") return $$"""{ "preset": "left-to-right", "steps": {{steps}} }""";
        string[] words = strategy.Split('-'); // reparam-uncond-deterministic-cosine
        return $$"""{ "steps": {{steps}}, "reMask": "{{words[1]}}", "order": "{{words[2]}}", "schedule": "{{words[3]}}" }""";
    }

    [Fact]
    public async Task All_109_runs_token_for_token()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        JsonElement[] cases = [.. Decode().GetProperty("cases").EnumerateArray()];
        Assert.Equal(109, cases.Length);
        var groups = cases.Select((run, i) => (run, i))
            .GroupBy(c => (Strategy: c.run.GetProperty("strategy").GetString()!, Steps: c.run.GetProperty("steps").GetInt32())).ToList();
        var jobs = new List<string>();
        foreach (var (group, g) in groups.Select((group, g) => (group, g)))
        {
            root.WriteLines($"data/{g}.jsonl",
                group.Select(c => new { id = $"run{c.i}", promptIds = c.run.GetProperty("prompt"), length = c.run.GetProperty("length") }));
            jobs.Add(
                $$"""{ "kind": "sample", "name": "g{{g}}", "model": { "from": "models/golden" }, "input": "data/{{g}}.jsonl", "sampler": {{Sampler(group.Key.Strategy, group.Key.Steps)}}, "output": "results/{{g}}" }""");
        }
        Assert.Equal(JobVerdict.Done,
            (await root.MustRun($$"""{ "kind": "pipeline", "name": "golden", "jobs": [ {{string.Join(",\n", jobs)}} ] }""")).Verdict);
        foreach (var (group, g) in groups.Select((group, g) => (group, g)))
        {
            var lines = root.Lines($"results/{g}/steps={group.Key.Steps}");
            foreach (var (run, i) in group)
            {
                JsonElement line = JsonDocument.Parse(lines[$"run{i}"]).RootElement;
                int[] expected = [.. run.GetProperty("tokens_after_step").EnumerateArray().Last().EnumerateArray()
                    .Select(t => t.GetInt32())];
                Assert.Equal(expected, line.GetProperty("ids").EnumerateArray().Select(t => t.GetInt32()));
                Assert.Equal(expected.Length, line.GetProperty("length").GetInt32());
                Assert.Equal(JsonValueKind.Null, line.GetProperty("text").ValueKind);
                // The reference keeps re-evaluating its left-to-right scores.
                if (group.Key.Strategy != "ar")
                    Assert.Equal(run.GetProperty("mean_score").GetDouble(), line.GetProperty("score").GetDouble(), 1e-4);
            }
        }
    }

    [Fact]
    public async Task What_was_decided_on_a_model_s_files_is_said_once_in_a_job()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel(predictor: false);
        string weights = root.Path("models/golden/model.safetensors");
        var writer = new SafeTensorsWriter();
        using (var reader = SafeTensorsReader.Open(weights))
        {
            foreach (var (name, info) in reader.Tensors) writer.Add(name, reader.ReadFloats(name), info.Shape);
            writer.Add("lm_head.decoder.weight", new float[120 * 48], 120, 48);
            writer.Save(weights);
        }
        root.WriteLines("data/in.jsonl",
            Enumerable.Range(0, 5).Select(i => new { id = $"{i}", promptIds = new[] { 0, 7, 2 }, length = 4 }));
        var notes = new Notes();
        var outcome =
            await root.Run(
                """{ "kind": "sample", "name": "own", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results", "shardSize": 2, "sampler": { "steps": [1, 2] } }""", notes);
        Assert.Equal(JobVerdict.Done, outcome.Verdict);
        Assert.StartsWith("models/golden/model.safetensors: the output projection lm_head.decoder.weight", Assert.Single(notes.All));
    }

    sealed class Notes : IProgress<JobProgress>
    {
        public List<string> All { get; } = [];

        public void Report(JobProgress value)
        {
            if (value.Note is not null && value.State == JobState.Running) All.Add(value.Note);
        }
    }

    [Fact]
    public async Task Length_beams_pick_the_same_winner()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        JsonElement[] beams = [.. Decode().GetProperty("length_beam").EnumerateArray()];
        root.WriteLines("data/in.jsonl", beams.Select((b, i) => new { id = $"b{i}", promptIds = b.GetProperty("prompt") }));
        (int steps, int beam) = (beams[0].GetProperty("steps").GetInt32(), beams[0].GetProperty("beam").GetInt32());
        await root.MustRun($$"""
            { "kind": "sample", "name": "beam", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results",
              "sampler": { "steps": {{steps}}, "length": { "source": "predicted", "beam": [{{beam}}] } } }
            """);
        var lines = root.Lines($"results/steps={steps},length.beam={beam}");
        for (int i = 0; i < beams.Length; i++)
        {
            JsonElement best = beams[i].GetProperty("candidates").EnumerateArray().MaxBy(c => c.GetProperty("mean_score").GetDouble());
            JsonElement line = JsonDocument.Parse(lines[$"b{i}"]).RootElement;
            Assert.Equal(best.GetProperty("length").GetInt32(), line.GetProperty("length").GetInt32());
            Assert.Equal(best.GetProperty("tokens").GetRawText(),
                line.GetProperty("ids").GetRawText().Replace(",", ", ", StringComparison.Ordinal));
            Assert.Equal(best.GetProperty("mean_score").GetDouble(), line.GetProperty("score").GetDouble(), 1e-4);
        }
    }

    [Fact]
    public async Task Batches_shards_and_order_change_no_byte_of_an_item()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        var items = Enumerable.Range(0, 30)
            .Select(i => new
            {
                id = $"i{i}",
                promptIds = (int[])[0, .. Enumerable.Range(0, 3 + (i % 5)).Select(k => 20 + (((i * 7) + (k * 13)) % 80))],
                length = 4 + (i % 9)
            }).ToList();
        root.WriteLines("data/a.jsonl", items);
        root.WriteLines("data/b.jsonl", items.OrderBy(i => i.id[^1]).ThenBy(i => i.length));
        string Job(string name, string input, int shard, int tokens) => $$"""
            { "kind": "sample", "name": "{{name}}", "model": { "from": "models/golden" }, "input": "data/{{input}}.jsonl", "output": "results/{{name}}", "seed": 3,
              "sampler": { "steps": [2, 5], "order": "stochastic", "temperature": 0.7 }, "shardSize": {{shard}}, "batchTokens": {{tokens}}, "trace": true }
            """;
        await root.MustRun(Job("one", "a", 7, 4096));
        await root.MustRun(Job("two", "b", 64, 64));
        foreach (string cell in (string[])["steps=2", "steps=5"])
            foreach (string kind in (string[])["part", "trace"])
            {
                var (one, two) = (root.Lines($"results/one/{cell}", kind), root.Lines($"results/two/{cell}", kind));
                Assert.Equal(30, one.Count);
                Assert.Equal(one.OrderBy(l => l.Key, StringComparer.Ordinal), two.OrderBy(l => l.Key, StringComparer.Ordinal));
            }
    }
}
