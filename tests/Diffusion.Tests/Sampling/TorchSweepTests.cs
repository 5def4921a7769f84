using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>The promises of the sweep on a real transformer: the golden model.</summary>
public sealed class TorchSweepTests(ITestOutputHelper output) : IDisposable
{
    readonly Checkpoint _checkpoint = GoldenDecoding.Model();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public void A_sweep_over_step_counts_computes_at_most_half_of_the_passes_of_its_cells_alone()
    {
        var items = Items(24, 16);
        SamplerSettings[] cells = [.. SweepCases.Steps.Select(s => SweepCases.Oracle(new SamplerSettings { Steps = s }))];
        var sweep = SweepSampler.For(_checkpoint, new SweepOptions());
        var together = sweep.Run(items, cells).ToDictionary(r => (r.Id, r.CellIndex));
        long alone = 0;
        for (int c = 0; c < cells.Length; c++)
        {
            var single = SweepSampler.For(_checkpoint, new SweepOptions());
            foreach (var result in single.Run(items, [cells[c]]))
                SweepCases.AssertSame(together[(result.Id, c)] with { CellIndex = 0 }, result);
            alone += single.Summary!.PassesComputed;
        }
        double ratio = sweep.Summary!.PassesComputed / (double)alone;
        output.WriteLine($"{sweep.Summary.PassesComputed} passes "
            + $"computed, {sweep.Summary.PassesNeeded} needed, {alone} by the cells alone: {ratio:0.000} of them.");
        Assert.InRange(ratio, 0, 0.5);
    }

    [Fact]
    public void Results_are_the_same_bits_at_any_budget_and_in_any_order()
    {
        var items = Items(16, 30);
        SamplerSettings[] cells =
        [
            SweepCases.Oracle(new() { Steps = 5 }), SweepCases.Oracle(new() { Steps = 9, Temperature = 0.8, ReMask = ReMaskRule.Cond }),
            SweepCases.Oracle(new() { Steps = 7, Order = RankingOrder.Stochastic }), new() { Steps = 3, Length = new() { Beam = 2 } },
        ];
        Dictionary<(string, int), SampleResult> Run(IEnumerable<SampleItem> input, int batchTokens) =>
            SweepSampler.For(_checkpoint, new SweepOptions { Seed = 3, BatchTokens = batchTokens, Trace = true }).Run(input, cells)
                .ToDictionary(r => (r.Id, r.CellIndex));
        var expected = Run(items, 1024);
        foreach (var other in new[] { Run(items, 256), Run(items, 4096), Run(items.Reverse(), 1024), Run(items.Take(5), 1) })
            foreach (var (key, result) in other) SweepCases.AssertSame(expected[key], result);
    }

    SampleItem[] Items(int count, int longest) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var draws = CounterRandom.For(4, "torch").At(i);
            var prompt = Enumerable.Range(0, 2 + draws.Integer(0, 14)).Select(p => p == 0 ? 0 : 4 + draws.Integer(p + 1, 110)).ToArray();
            return new SampleItem { Id = "t" + i, PromptIds = prompt, OracleLength = 1 + draws.Integer(99, longest) };
        }),
    ];
}
