using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

/// <summary>Each preset that there is, through whole jobs.</summary>
public sealed class EveryPresetTests
{
    const int Items = 10;

    /// <summary>The presets of the models that a job may have: with masks, left as they were made, and with scores.</summary>
    public static TheoryData<string> Models => ["models/m", "models/next", "models/sedd"];

    static IEnumerable<string> PresetsOf(string model) => SamplerPreset.Registry.Cards
        .Where(c => SamplerPreset.Registry.Create(c.Name).Suits(model == "models/sedd" ? SampledModel.Scores : SampledModel.Masks))
        .Where(c => c.Is(StrategyTraits.NextToken) == (model == "models/next")).Select(c => c.Name);

    [Fact]
    public void No_preset_is_left_out() =>
        Assert.Equal(SamplerPreset.Registry.Cards.Select(c => c.Name),
            Models.SelectMany(m => PresetsOf(m.Data)).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Models))]
    public async Task A_resumed_a_resharded_and_an_undisturbed_run_leave_the_same_bytes(string model)
    {
        using var root = new WorkRoot();
        foreach (var (folder, of, files) in new[]
        {
            ("models/m", "golden/llama-full", (string[])["config.json", "model.safetensors"]),
            ("models/next", "data/models/stories260K", ["config.json", "model.safetensors", "tokenizer.model"]),
            ("models/sedd", "golden/sedd-absorb", ["config.json", "model.safetensors"]),
        })
        {
            Directory.CreateDirectory(root.Path(folder));
            foreach (string file in files) File.Copy(Path.Combine(SharedData.Require(of), file), root.Path($"{folder}/{file}"));
        }
        root.WriteLines("data/in.jsonl", Enumerable.Range(0, Items)
            .Select(i => new { id = $"i{i}", promptIds = Enumerable.Range(3 + i % 4, 1 + i % 5).ToArray(), length = 4 + i % 3 }));
        string[] presets = [.. PresetsOf(model)];
        string Job(string output, string more) => $$"""
            { "kind": "sample", "name": "s", "model": { "from": "{{model}}" }, "input": "data/in.jsonl", "output": "{{output}}", "trace": true, "seed": 3, {{more}}
              "sampler": { "preset": [{{string.Join(", ", presets.Select(p => $"\"{p}\""))}}], "steps": 4, "temperature": 0.9 } }
            """;
        await root.MustRun(Job("whole", ""));
        await root.MustRun(Job("shards", "\"shardSize\": 5, \"batchTokens\": 64,"));
        using var stop = new CancellationTokenSource();
        var progress = new Reports(done => { if (done > 5) stop.Cancel(); });
        // One that is too fast to be stopped goes on from what is left of it.
        if ((await root.Run(Job("resumed", "\"batchTokens\": 16,"), progress, stop.Token)).Verdict != JobVerdict.Interrupted)
            foreach (string part in Directory.GetFiles(root.Path("resumed"), "part-*", SearchOption.AllDirectories)) File.Delete(part);
        await root.MustRun(Job("resumed", "\"batchTokens\": 16,"));
        foreach (string cell in Directory.EnumerateDirectories(root.Path("whole"), "steps*").Select(d => Path.GetFileName(d)!))
            foreach (string kind in (string[])["part", "trace"])
            {
                var whole = root.Lines($"whole/{cell}", kind);
                Assert.Equal(Items, whole.Count);
                foreach (string other in (string[])["shards", "resumed"])
                    foreach (var (id, line) in root.Lines($"{other}/{cell}", kind))
                        Assert.True(whole[id] == line, $"{other}, {cell}, {id}: {line} in place of {whole[id]}");
            }
    }

    sealed class Reports(Action<long> report) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => report(value.Done);
    }
}
