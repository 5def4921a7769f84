using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Diffusion.Sampling.Steps;
using DiffusionBatch.Diffusion.Tests.Processes;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

public sealed class BlockDiffusionTests
{
    /// <summary>The first-hitting sampler with a given order.</summary>
    sealed class Given(int[] order) : BlockDiffusionPreset
    {
        private protected override int? Next(in Denoising x) => order[x.Slots.Length - x.Open];
    }

    [Theory]
    [InlineData(CacheKind.None)]
    [InlineData(CacheKind.Exact)]
    public void First_hitting_in_a_given_order_agrees_with_the_published_code_token_for_token(CacheKind cache)
    {
        using var checkpoint = ProcessGolden.Network();
        int runs = 0;
        foreach (var run in ProcessGolden.Json("bd3lm").GetProperty("first_hitting").EnumerateArray())
        {
            int length = run.GetProperty("block_size").GetInt32(), mask = checkpoint.Specials.Mask;
            int[] final = ProcessGolden.Ids(run.GetProperty("final"));
            // The canvas's first token is the prompt; its place in the first block's order falls out.
            int[] order = [.. run.GetProperty("order_in_block").EnumerateArray()
                .SelectMany((block, b) => ProcessGolden.Ids(block).Select(i => (b * length) + i)).Where(i => i > 0).Select(i => i - 1)];
            var item = new SampleItem { Id = "x", PromptIds = [run.GetProperty("bos").GetInt32()], LengthOverride = final.Length - 1 };
            var result = GivenRun.Of(checkpoint, new Given(order),
                new SamplerSettings { Preset = "block", BlockLength = length, Cache = cache }, item);
            Assert.Equal(final[1..], result.Ids);
            Assert.Equal(run.GetProperty("nfe").GetInt32(), result.Nfe);
            var steps = TraceReplay.AfterStep(result.Trace![0], final.Length - 1, final.Length - 1, mask);
            int[][] before = [.. run.GetProperty("canvas_before_pass").EnumerateArray().Select(ProcessGolden.Ids)];
            for (int p = 1; p < before.Length; p++) Assert.Equal(before[p][1..], steps[p - 1][..(before[p].Length - 1)]);
            runs++;
        }
        Assert.Equal(24, runs);
    }

    static readonly SamplerSettings[] s_cells =
    [
        new() { Preset = "block", BlockLength = 1 },
        new() { Preset = "block", BlockLength = 3, Temperature = 1 },
        new() { Preset = "block", BlockLength = 4, Within = BlockOrder.Ancestral, Steps = 12 },
        new() { Preset = "block", BlockLength = 5, Within = BlockOrder.Ranked, Steps = 7, Rank = ConfidenceRank.Margin },
        new() { Preset = "block", BlockLength = 4, Within = BlockOrder.Ranked, Steps = 9, Temperature = 0.7, Closing = CanvasClosing.None },
        new() { Preset = "block", BlockLength = 40 },
    ];

    static SampleItem[] Items(int mask) =>
    [
        .. Enumerable.Range(0, 10)
            .Select(i => new SampleItem { Id = $"{i}", PromptIds = [0, .. Enumerable.Range(5, 1 + (i % 6)).Select(t => t + i)],
                LengthOverride = 4 + (i * 5 % 13) }),
        new SampleItem { Id = "holes", PromptIds = [0, 9, mask, 8, 7, mask, mask, 6, mask], Holes = [2, 5, 6, 8], LengthOverride = 5 },
    ];

    [Theory]
    [InlineData("llama", false)]
    [InlineData("llama", true)]
    [InlineData("gpt2", true)]
    [InlineData("xlm-roberta", false)]
    [InlineData("albert", false)]
    public void Block_diffusion_with_its_cache_equals_that_without(string architecture, bool shift)
    {
        using var model = Golden.Small(architecture: architecture, vocabulary: 60);
        var sampler = new SweepSampler(model, null, new(0, 1, 2, 3, 59), new SweepOptions { Trace = true }, shift: shift);
        var kept = sampler.Run(Items(59), s_cells).ToDictionary(r => (r.Id, r.CellIndex));
        foreach (var whole in sampler.Run(Items(59), [.. s_cells.Select(c => c with { Cache = CacheKind.None })]))
        {
            var result = kept[(whole.Id, whole.CellIndex)];
            Assert.Null(whole.Error);
            Assert.Equal(whole.Ids, result.Ids);
            Assert.Equal(whole.Nfe, result.Nfe);
            foreach (var (one, other) in whole.Trace![0].Steps.Zip(result.Trace![0].Steps))
                foreach (var (a, b) in one.Write.Zip(other.Write)) Assert.Equal(a.LogProbability, b.LogProbability, 1e-5);
        }
    }

    [Fact]
    public void With_its_cache_results_are_the_same_bytes_whatever_the_batch_and_the_order()
    {
        using var model = Golden.Small(architecture: "llama", vocabulary: 60);
        Dictionary<(string, int), SampleResult> Run(int batchTokens, bool reversed, params SamplerSettings[] cells)
        {
            var items = Items(59);
            return new SweepSampler(model, null, new(0, 1, 2, 3, 59), new SweepOptions { Trace = true, BatchTokens = batchTokens })
                .Run(reversed ? items.Reverse().ToArray() : items, cells).ToDictionary(r => (r.Id, r.CellIndex));
        }
        var expected = Run(4096, false, s_cells);
        foreach (var (key, result) in Run(1, true, s_cells)) SweepCases.AssertSame(expected[key], result);
        for (int c = 0; c < s_cells.Length; c++)
            foreach (var ((id, _), result) in Run(64, true, s_cells[c])) SweepCases.AssertSame(expected[(id, c)], result);
    }

    [Fact]
    public void Blocks_are_finished_one_after_another_within_their_steps()
    {
        var model = new FakeDenoiser();
        SampleItem[] items = [new() { Id = "a", PromptIds = [1, 2, 3], OracleLength = 13 }]; // blocks of 1, 4, 4 and 4 slots
        foreach (var within in Enum.GetValues<BlockOrder>())
        {
            var cell = SweepCases.Oracle(new() { Preset = "block", BlockLength = 4, Within = within, Steps = 8, Temperature = 1 });
            var result = SweepCases.Run(model, items, [cell], trace: true)[("a", 0)];
            int[] blocks = [.. result.Trace![0].Steps.SelectMany(s => s.Write).Select(w => (w.Position + 3) / 4)];
            Assert.Equal(blocks.Order(), blocks);
            Assert.Equal(13, blocks.Length);
            if (within == BlockOrder.FirstHitting) Assert.Equal(13, result.Nfe);
            else Assert.InRange(result.Nfe, 4, 8);
        }
    }

    [Fact]
    public void First_hitting_equals_ancestral_sampling_with_many_steps_in_law()
    {
        var model = new FakeDenoiser(vocabulary: 3);
        Dictionary<string, int> Law(BlockOrder within, long seed)
        {
            SampleItem[] items = [.. Enumerable.Range(0, 2000)
                .Select(i => new SampleItem { Id = $"{i}", PromptIds = [1, 0, 1, 0], OracleLength = 3 })];
            var cell = SweepCases.Oracle(new() { Preset = "block", BlockLength = 4, Within = within, Steps = 80, Temperature = 1 });
            return SweepCases.Run(model, items, [cell], seed: seed).Values.GroupBy(r => string.Concat(r.Ids))
                .ToDictionary(g => g.Key, g => g.Count());
        }
        var (one, other) = (Law(BlockOrder.FirstHitting, 1), Law(BlockOrder.Ancestral, 2));
        string[] outcomes = [.. one.Keys.Union(other.Keys)];
        double chi = outcomes.Sum(o => Math.Pow(one.GetValueOrDefault(o) - other.GetValueOrDefault(o), 2)
            / (one.GetValueOrDefault(o) + other.GetValueOrDefault(o)));
        // Two samples over 8 outcomes: 7 degrees of freedom, of which 29.9 is the 0.9999 quantile.
        Assert.Equal(8, outcomes.Length);
        Assert.True(chi < 29.9, $"chi-square {chi}");
    }

    [Fact]
    public void Every_order_within_a_block_is_equally_likely_in_first_hitting()
    {
        var model = new FakeDenoiser();
        SampleItem[] items = [.. Enumerable.Range(0, 1200)
            .Select(i => new SampleItem { Id = $"{i}", PromptIds = [1, 2, 3, 4], OracleLength = 3 })];
        var orders = SweepCases.Run(model, items, [SweepCases.Oracle(new() { Preset = "block", BlockLength = 4 })], trace: true).Values
            .GroupBy(r => string.Concat(r.Trace![0].Steps.Select(s => s.Write[0].Position))).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(6, orders.Count);
        // Chi-square with 5 degrees of freedom: 25.7 is the 0.9999 quantile.
        Assert.True(orders.Values.Sum(n => Math.Pow(n - 200, 2) / 200) < 25.7, string.Join(", ", orders));
    }
}
