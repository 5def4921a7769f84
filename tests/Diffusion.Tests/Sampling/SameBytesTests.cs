using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Tokenization;
using TorchSharp;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>
/// Results are the same bits whatever is computed beside them (DESIGN section 3), in every architecture, with widths at which
/// matrix products are cut into pieces.
/// </summary>
[Collection(TorchThreads.Name)]
public sealed class SameBytesTests
{
    const int Vocabulary = 301;
    static readonly SpecialTokens s_specials = new(0, 1, 2, 3, Vocabulary - 1);

    public static TheoryData<string> Architectures => Golden.Architectures;

    [Theory, MemberData(nameof(Architectures))]
    public void Budgets_order_parts_and_threads_change_no_bit(string architecture)
    {
        using var model = Model(architecture, hidden: 64, feedForward: 3072);
        using var lengths = new LengthPredictor(model.Config);
        lengths.Initialise(1);
        var items = Items(14);
        SamplerSettings[] cells =
        [
            SweepCases.Oracle(new() { Steps = 2 }), SweepCases.Oracle(new() { Steps = 4, Temperature = 0.8 }),
            SweepCases.Oracle(new() { Steps = 2, Precision = SamplingPrecision.Bfloat16 }),
            new() { Steps = 3, ReMask = ReMaskRule.Cond, Length = new() { Source = "predicted", Beam = 3 } },
            .. !model.KeepsKeys ? (SamplerSettings[])[] :
            [
                SweepCases.Oracle(new() { Preset = "llada", Steps = 3, BlockLength = 9, Cache = CacheKind.Dual,
                    Precision = SamplingPrecision.Bfloat16 }),
                SweepCases.Oracle(new() { Preset = "threshold", Threshold = 0.02, BlockLength = 7, Cache = CacheKind.Dual }),
                SweepCases.Oracle(new() { Preset = "llada", Steps = 6, BlockLength = 9, Cache = CacheKind.Prefix, Temperature = 0.7,
                    TopP = 0.9 }),
            ],
        ];
        if (model is Sedd)
            cells = [.. cells.Select((c, i) => c with { Preset = i == 1 ? "sedd-euler" : "sedd-tweedie", ReMask = default })];
        var expected = Run(items, 1024);
        int threads = torch.get_num_threads();
        try
        {
            Compare(Run(items, 256));
            Compare(Run(items, 4096));
            Compare(Run(items.Reverse(), 1024));
            foreach (var part in items.Chunk(7)) Compare(Run(part, 1024));
            Compare(Run(items.Take(3), 1));
            torch.set_num_threads(1);
            Compare(Run(items.Reverse(), 2048));
        }
        finally
        {
            torch.set_num_threads(threads);
        }

        Dictionary<(string, int), SampleResult> Run(IEnumerable<SampleItem> input, int batchTokens) =>
            new SweepSampler(model, lengths, s_specials, new SweepOptions { Seed = 3, BatchTokens = batchTokens, Trace = true }).Run(input,
                cells).ToDictionary(r => (r.Id, r.CellIndex));

        void Compare(Dictionary<(string, int), SampleResult> results)
        {
            foreach (var (key, result) in results) SweepCases.AssertSame(expected[key], result);
        }
    }

    [Fact]
    public void Canvases_as_long_as_the_model_allows_are_padded_beyond_its_positions()
    {
        foreach (string architecture in ModelConfig.Architectures)
        {
            using var model = Model(architecture, hidden: 16, feedForward: 32, positions: 29);
            int longest = model.UsablePositions;
            var item = new SampleItem { Id = "long", PromptIds = [0, .. Enumerable.Range(4, longest - 6)], OracleLength = 4 };
            var result =
                Assert.Single(new SweepSampler(model, null, s_specials, new SweepOptions()).Run([item],
                    [SweepCases.Oracle(new() { Steps = 2, Preset = model is Sedd ? "sedd-tweedie" : "rdm" })]));
            Assert.Null(result.Error);
            Assert.Equal(4, result.Ids!.Length);
        }
    }

    static LanguageModel Model(string architecture, int hidden, int feedForward, int positions = 96)
    {
        var spec = new NewModel
        {
            Architecture = architecture,
            HiddenSize = hidden,
            Layers = 1,
            Heads = 4,
            FeedForwardSize = feedForward,
            MaxPositions = positions
        };
        var config = ModelConfig.Create(spec, Vocabulary, s_specials);
        var model = config.Family.Build(config, null);
        model.Initialise(7);
        if (model is Sedd) Golden.Stir(model);
        return model;
    }

    static SampleItem[] Items(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var draws = CounterRandom.For(11, "same bytes").At(i);
            int[] prompt = [0, .. Enumerable.Range(1, 1 + draws.Integer(0, 30)).Select(p => 4 + draws.Integer(p + 1, Vocabulary - 5))];
            return new SampleItem { Id = "s" + i, PromptIds = prompt, OracleLength = 1 + draws.Integer(99, 24) };
        }),
    ];
}
