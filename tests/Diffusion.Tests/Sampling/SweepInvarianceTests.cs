using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

public class SweepInvarianceTests
{
    internal static readonly SamplerSettings[] Mixed =
    [
        .. SweepCases.Steps.Select(s => SweepCases.Oracle(new SamplerSettings { Steps = s })),
        .. SweepCases.Samplers(10).Select(SweepCases.Oracle),
        new() { Steps = 8, Length = new() { Beam = 5 } },
        new() { Steps = 8, Temperature = 1, Length = new() { Beam = 3 } },
        new() { Preset = "left-to-right", Length = new() { Source = "fixed", Value = 9 } },
        new() { Steps = 8, Closing = CanvasClosing.None, Length = new() { Source = "fixed", Value = 9 } },
        .. new SamplerSettings[]
        {
            new() { Preset = "llada", Steps = 12, BlockLength = 4 }, new() { Preset = "llada", Steps = 5, Rank = ConfidenceRank.Random },
            new() { Preset = "llada", Steps = 30, BlockLength = 3, Temperature = 1 },
            new() { Preset = "llada", Steps = 6, Guidance = 1.5, Closing = CanvasClosing.None },
            new() { Preset = "dream", Steps = 6, Rank = ConfidenceRank.Entropy },
            new() { Preset = "dream", Steps = 9, Rank = ConfidenceRank.Margin },
            new() { Preset = "threshold", Threshold = 0.3, BlockLength = 5 }, new() { Preset = "factor", Factor = 2 },
            new() { Preset = "entropy-bound", EntropyBound = 2, Rank = ConfidenceRank.Margin },
            new() { Preset = "maskgit", Steps = 5, Schedule = MaskSchedule.Quadratic }, new() { Preset = "cmlm", Steps = 4 },
            new() { Preset = "cmlm", Steps = 7, Temperature = 0.5 },
            new() { Preset = "block", BlockLength = 4 },
            new() { Preset = "block", BlockLength = 3, Within = BlockOrder.Ancestral, Steps = 9 },
            new() { Preset = "block", Within = BlockOrder.Ranked, Steps = 5 },
            new() { Preset = "sundae", Steps = 8 }, new() { Preset = "sundae", Steps = 8, UpdateProportion = 0.5, Temperature = 1 },
            new() { Preset = "llada", Steps = 9, BlockLength = 4, Cache = CacheKind.Dual },
            new() { Preset = "threshold", Threshold = 0.3, BlockLength = 3, Cache = CacheKind.Prefix },
            new() { Preset = "factor", Factor = 2, BlockLength = 4, Cache = CacheKind.Dual, Candidates = 2 },
            new() { Preset = "llada", Steps = 8, ForbidEos = true, EosLast = true, BlockLength = 5 },
            new() { Preset = "llada", Steps = 8, Temperature = 1, TopK = 3, TopP = 0.7, Candidates = 4, BlockLength = 4,
                Cache = CacheKind.Prefix },
            new() { Preset = "autoregressive" }, new() { Preset = "autoregressive", Temperature = 0.8, Candidates = 3, TopP = 0.9 },
            new() { Preset = "autoregressive", Beam = 4 },
            new() { Preset = "autoregressive", Cache = CacheKind.None },
            new() { Preset = "stable", Steps = 6, Threshold = 0.2, StableKl = 1, StableSteps = 1, BlockLength = 6 },
            new() { Preset = "ancestral", Steps = 6 }, new() { Preset = "ancestral", Steps = 40, Temperature = 1 },
            new() { Preset = "first-hitting", Temperature = 0.8 },
            new() { Preset = "dndm", Steps = 7, Transition = TransitionRule.Topk },
            new() { Preset = "dndm", Steps = 9, BetaA = 5, BetaB = 3, Temperature = 1 },
            new() { Preset = "dndm", Time = TimeKind.Continuous },
            new() { Preset = "remdm", Steps = 8, Eta = 0.5, Temperature = 1 },
            new() { Preset = "remdm", Steps = 20, Sigma = ReMaskSchedule.Loop, Eta = 0.2 },
            new() { Preset = "remdm", Steps = 9, Sigma = ReMaskSchedule.Conf, Temperature = 1 },
        }.Select(SweepCases.Oracle),
    ];

    [Theory]
    [InlineData(1)] // every canvas alone
    [InlineData(64)]
    [InlineData(256)]
    [InlineData(100_000)] // everything together
    public void Results_do_not_depend_on_the_batch_budget(int batchTokens)
    {
        var items = SweepCases.Items(12);
        var expected = SweepCases.Run(new FakeDenoiser(), items, Mixed, 1024, trace: true);
        foreach (var (key, result) in SweepCases.Run(new FakeDenoiser(), items, Mixed, batchTokens, trace: true))
            SweepCases.AssertSame(expected[key], result);
    }

    [Fact]
    public void Noise_in_place_of_masks_does_not_depend_on_what_is_computed_beside_it()
    {
        var items = SweepCases.Items(9);
        var noise = MultinomialNoise.Uniform(AlphaSchedule.Linear, 12, [11]);
        SamplerSettings[] cells =
        [
            .. new SamplerSettings[]
            {
                new() { Steps = 7 }, new() { Steps = 5, Temperature = 1, ReMask = ReMaskRule.Cond },
                new() { Preset = "ancestral", Steps = 6, Temperature = 0.7 },
                new() { Preset = "ancestral", Steps = 4 }, new() { Preset = "dndm", Steps = 8, Transition = TransitionRule.Topk },
            }.Select(SweepCases.Oracle),
        ];
        var expected = SweepCases.Run(new FakeDenoiser(), items, cells, trace: true, noise: noise);
        Assert.All(expected.Values, r => Assert.DoesNotContain(11, r.Ids));
        foreach (var (key, result) in SweepCases.Run(new FakeDenoiser(), items, cells, batchTokens: 1, trace: true, noise: noise))
            SweepCases.AssertSame(expected[key], result);
        foreach (var (key, result) in SweepCases.Run(new FakeDenoiser(), items[3..5], cells[2..3], trace: true, noise: noise))
            SweepCases.AssertSame(expected[(key.Id, 2)], result);
    }

    [Fact]
    public void Results_do_not_depend_on_the_order_of_items()
    {
        var items = SweepCases.Items(25);
        var expected = SweepCases.Run(new FakeDenoiser(), items, Mixed);
        var shuffled = items.OrderBy(i => i.Id.GetHashCode(StringComparison.Ordinal)).ThenBy(i => i.Id).ToArray();
        foreach (var (key, result) in SweepCases.Run(new FakeDenoiser(), shuffled, Mixed)) SweepCases.AssertSame(expected[key], result);
        foreach (var (key, result) in SweepCases.Run(new FakeDenoiser(), items[7..9], Mixed)) SweepCases.AssertSame(expected[key], result);
    }

    [Fact]
    public void A_cell_of_a_sweep_equals_that_cell_alone()
    {
        var items = SweepCases.Items(12);
        var together = SweepCases.Run(new FakeDenoiser(), items, Mixed, trace: true);
        for (int c = 0; c < Mixed.Length; c++)
            foreach (var ((id, _), alone) in SweepCases.Run(new FakeDenoiser(), items, [Mixed[c]], trace: true))
                SweepCases.AssertSame(together[(id, c)], alone);
    }

    [Fact]
    public void Draws_follow_the_seed_the_id_and_the_candidate()
    {
        var prompt = new[] { 1, 2, 3 };
        SampleItem[] items = [new() { Id = "a", PromptIds = prompt, OracleLength = 12 },
            new() { Id = "b", PromptIds = prompt, OracleLength = 12 }];
        SamplerSettings[] cells = [SweepCases.Oracle(new() { Temperature = 1, Steps = 6 }),
            SweepCases.Oracle(new() { Temperature = 0, Steps = 6 })];
        var one = SweepCases.Run(new FakeDenoiser(), items, cells, seed: 1);
        var two = SweepCases.Run(new FakeDenoiser(), items, cells, seed: 2);
        Assert.NotEqual(one[("a", 0)].Ids, one[("b", 0)].Ids);
        Assert.NotEqual(one[("a", 0)].Ids, two[("a", 0)].Ids);
        Assert.Equal(one[("a", 1)].Ids, two[("b", 1)].Ids); // nothing is drawn at temperature 0
    }

    [Fact]
    public void Batches_keep_their_budget_and_little_padding()
    {
        var model = new FakeDenoiser(usablePositions: 200);
        var items = SweepCases.Items(300);
        SweepCases.Run(model, items, [SweepCases.Oracle(new() { Steps = 10 })], batchTokens: 400);
        Assert.All(model.Batches, b => Assert.True(b.Rows == 1 || b.Rows * b.Columns <= 400));
        double full = model.Batches.Average(b => b.Tokens), real = model.Batches.Sum(b => b.Tokens),
            padded = model.Batches.Sum(b => b.Rows * b.Columns);
        Assert.True(full > 260, $"batches hold {full} of 400 tokens");
        Assert.True(real / padded > 0.85, $"{real} of {padded} tokens are real");
    }

    [Fact]
    public void Items_stream_and_finished_ones_leave()
    {
        int read = 0;
        IEnumerable<SampleItem> Endless()
        {
            for (; ; read++)
            {
                int[] digits = [read / 1000, read / 100 % 10, read / 10 % 10, read % 10];
                yield return new SampleItem { Id = "i" + read, PromptIds = digits, OracleLength = 5 };
            }
        }
        var model = new FakeDenoiser();
        var sampler = new SweepSampler(model, model.Mask, new SweepOptions { BatchTokens = 90 });
        var results = sampler.Run(Endless(), [SweepCases.Oracle(new() { Steps = 4 })]).Take(2000).ToList();
        Assert.InRange(read, 2000, 2150); // little is read ahead
        Assert.All(results.Select((r, i) => r.ItemIndex - i), d => Assert.InRange(d, -100, 100)); // and order is nearly kept
    }

    [Fact]
    public void Progress_counts_results_and_passes_and_cancellation_stops_between_passes()
    {
        var model = new FakeDenoiser();
        var items = SweepCases.Items(30);
        var reports = new List<SweepProgress>();
        var cells = new[] { SweepCases.Oracle(new() { Steps = 4 }), SweepCases.Oracle(new() { Steps = 8 }) };
        var results = new SweepSampler(model, model.Mask, new SweepOptions { BatchTokens = 100 }).Run(items, cells,
            new Listener(reports.Add)).ToList();
        Assert.Equal((60, 60L), (reports[^1].Done, reports[^1].Total));
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
        Assert.Equal(results.Sum(r => r.Nfe), reports[^1].Summary.PassesNeeded);
        Assert.Equal(model.Batches.Sum(b => b.Tokens), reports[^1].Summary.Tokens);
        Assert.Equal(model.Batches.Sum(b => b.Tokens), reports[^1].Summary.Seconds); // the fake's pass takes a second a token
        Assert.True(results.Sum(r => r.Seconds) > reports[^1].Summary.Seconds, "shared passes count in full for each");

        using var stop = new CancellationTokenSource();
        var cut = new SweepSampler(model, model.Mask, new SweepOptions { BatchTokens = 100 }).Run(items, cells,
            new Listener(p => { if (p.Done > 5) stop.Cancel(); }), cancellationToken: stop.Token);
        Assert.Throws<OperationCanceledException>(() => cut.Count());
    }

    sealed class Listener(Action<SweepProgress> on) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => on(value);
    }
}
