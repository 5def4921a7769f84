using System.Text.Json;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Tests.Sampling;

public sealed class CellCostTests
{
    [Fact]
    public async Task Cells_say_what_their_items_took()
    {
        using WorkRoot root = new WorkRoot().WithGoldenModel(predictor: false);
        root.WriteLines("data/in.jsonl",
            Enumerable.Range(0, 9).Select(i => new { id = $"i{i}", promptIds = Enumerable.Range(5, 3 + i).ToArray() }));
        await root.MustRun("""
            { "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "data/in.jsonl", "output": "results", "shardSize": 4,
              "sampler": { "steps": [2, 6], "length": { "source": "fixed", "value": 7 } } }
            """);
        ModelConfig config = ModelConfig.Read(root.Path("models/golden"), [])!;
        foreach (CellRecord cell in OutputManifest.Read(root.Path("results"))!.Cells!)
        {
            double flops = root.Lines($"results/{cell.Cell}").Sum(l =>
                JsonDocument.Parse(l.Value).RootElement.GetProperty("nfe")
                    .GetInt32() * ForwardFlops.Of(config, 3, 3 + int.Parse(l.Key.AsSpan(1), null) + 7 + 1, 7));
            Assert.Equal(flops, cell.Cost.Flops!.Value, 1e-9 * flops);
            Assert.InRange(cell.Cost.LatencyMedian!.Value, 1e-6, cell.Cost.LatencyP95!.Value);
            Assert.InRange(cell.Cost.LatencyP95.Value, 0, 1.02 * cell.Cost.Seconds);
            Assert.True(cell.Cost.PeakMemory > 1 << 20);
        }
    }
}
