using System.Text.Json.Nodes;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

public sealed class SampleCheckTests
{
    [Theory]
    [InlineData(120)]
    [InlineData(null)]
    public async Task A_model_without_an_end_id_of_its_vocabulary_is_refused_before_anything_is_written(int? eos)
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel();
        JsonNode config = JsonNode.Parse(File.ReadAllText(root.Path("models/golden/config.json")))!;
        config["eos_token_id"] = eos ?? -1;
        root.Write("models/golden/config.json", config.ToJsonString());
        root.WriteLines("data/in.jsonl", [new { id = "a", promptIds = (int[])[0, 5, 6], length = 4 }]);
        JobOutcome outcome = await root.Run("""
            { "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results", "sampler": { "steps": 1 } }
            """);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains("eos_token_id", Assert.Single(outcome.Problems).Message, StringComparison.Ordinal);
        Assert.Equal("models/golden/config.json", outcome.Problems[0].File);
        Assert.False(Directory.Exists(root.Path("results")));
    }
}
