using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Evaluation;
using DiffusionBatch.GpuWorker.Tests.Finetuning;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests.Schema;

namespace DiffusionBatch.GpuWorker.Tests.Strategies;

/// <summary>
/// Adding a strategy is one type: manifests, schema, tables and engine know it at once. Alone, since the registries are the process's.
/// </summary>
[Collection("strategies")]
public sealed class ToyStrategiesTests
{
    const string Manifest = """
        { "kind": "pipeline", "name": "toys", "jobs": [
          { "kind": "finetune", "name": "tiny", "output": "models/tiny",
            "model": { "new": { "architecture": "toy-encoder", "hiddenSize": 32, "layers": 1, "heads": 2, "feedForwardSize": 64, "maxPositions": 48 },
                       "tokenizer": { "train": "bpe", "vocabularySize": 300 } },
            "data": { "train": "data/train.jsonl", "prompt": "say: {source} => ", "maxLength": 40 },
            "objective": { "process": "all-masked", "timesteps": 7 },
            "training": { "steps": 4, "batchTokens": 256 } },
          { "kind": "sample", "name": "sweep", "model": { "from": "models/tiny" }, "input": "data/valid.jsonl", "output": "results/tiny", "trace": true,
            "sampler": { "preset": ["right-to-left", "left-to-right"], "steps": 2, "length": { "source": "echo", "value": 5 } } },
          { "kind": "evaluate", "name": "score", "predictions": "results/tiny", "references": "data/valid.jsonl", "output": "reports/tiny",
            "metrics": [{ "name": "brevity", "window": 1000 }, { "name": "likelihood", "model": "models/tiny" }, "cost"] } ] }
        """;

    [Fact]
    public async Task A_strategy_of_each_kind_is_known_as_soon_as_it_is_added()
    {
        using WorkRoot root = PipelineJobTests.Root();
        Assert.Equal(JobVerdict.BadInput, (await root.Run(Manifest)).Verdict);
        using (SamplerPreset.Registry.Add(typeof(RightToLeftPreset)))
        using (LengthSource.Registry.Add(typeof(EchoLength)))
        using (TrainingProcesses.All.Add(typeof(AllMaskedProcess)))
        using (ModelFamily.Registry.Add(typeof(ToyFamily)))
        using (MetricRegistry.Scores.Add(typeof(BrevityMetric)))
        {
            await root.MustRun(Manifest);

            string config = File.ReadAllText(root.Path("models/tiny/config.json")),
                diffusion = File.ReadAllText(root.Path("models/tiny/diffusion.json"));
            Assert.Contains("\"roberta\"", config);
            Assert.Contains("\"all-masked\"", diffusion);
            foreach (string trace in root.Lines("results/tiny/steps=2,preset=right-to-left", "trace").Values)
                Assert.Equal([4, 3, 2, 1, 0], Steps(trace));
            foreach (string trace in root.Lines("results/tiny/steps=2,preset=left-to-right", "trace").Values)
                Assert.Equal([0, 1, 2, 3, 4], Steps(trace));
            var cells = JsonDocument.Parse(File.ReadAllText(root.Path("reports/tiny/report.json"))).RootElement.GetProperty("cells");
            Assert.All(cells.EnumerateArray(), c =>
            {
                var metrics = c.GetProperty("metrics");
                Assert.Equal(100, metrics.GetProperty("brevity").GetProperty("score").GetDouble());
                Assert.Contains("exact:allMasked", metrics.GetProperty("likelihood").GetProperty("signature").GetString());
            });

            string schema = ManifestSchema.Text(),
                tables =
                    string.Concat(
                        ((Type[])[typeof(FinetuneManifest), typeof(SampleManifest), typeof(EvaluateManifest)]).Select(FieldTables.Of));
            foreach (string name in (string[])["right-to-left", "echo", "all-masked", "toy-encoder", "brevity"])
            {
                Assert.Contains($"\"{name}\"", schema);
                Assert.Contains($"`{name}`", tables);
            }
            Assert.Contains("`rdm`, `right-to-left`: strength of the noise", tables);
        }
        Assert.DoesNotContain("right-to-left", ManifestSchema.Text());
        Assert.Equal(JobVerdict.BadInput, (await root.Run(Manifest)).Verdict);
    }

    static IEnumerable<int> Steps(string trace) =>
        JsonDocument.Parse(trace).RootElement.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("write")[0][0].GetInt32());

    /// <summary>Runs alone: a toy in the registries would be in other tests' schemas.</summary>
    [CollectionDefinition("strategies", DisableParallelization = true)]
    public sealed class Alone;
}
