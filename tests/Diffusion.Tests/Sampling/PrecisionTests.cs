using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Sampling in bfloat16.</summary>
[Collection(TorchThreads.Name)]
public sealed class PrecisionTests
{
    const int Vocabulary = 301;
    static readonly SpecialTokens s_specials = new(0, 1, 2, 3, Vocabulary - 1);

    public static TheoryData<string> Architectures => Golden.Architectures;

    [Theory, MemberData(nameof(Architectures))]
    public void Rounded_passes_are_near_the_others_and_leave_the_model_and_the_other_cells_as_they_were(string architecture)
    {
        var spec = new NewModel
        {
            Architecture = architecture,
            HiddenSize = 64,
            Layers = 2,
            Heads = 4,
            FeedForwardSize = 128,
            MaxPositions = 96
        };
        var config = ModelConfig.Create(spec, Vocabulary, s_specials);
        using var model = config.Family.Build(config, null);
        model.Initialise(7);
        if (model is Sedd) Golden.Stir(model);
        SamplerSettings[] cells = model is Sedd ? [new() { Preset = "sedd-tweedie", Steps = 3 }] :
        [
            new() { Steps = 3 },
            .. !model.KeepsKeys ? (SamplerSettings[])[] :
            [
                new() { Preset = "autoregressive" }, new() { Preset = "autoregressive", Cache = CacheKind.None },
                new() { Preset = "llada", Steps = 4, BlockLength = 4, Cache = CacheKind.Dual },
                new() { Preset = "block", BlockLength = 4, Steps = 4, Within = BlockOrder.Ranked },
            ],
        ];
        cells = [.. cells.Select(SweepCases.Oracle)];
        SamplerSettings[] both = [.. cells, .. cells.Select(c => c with { Precision = SamplingPrecision.Bfloat16 })];
        SampleItem[] items = [.. Enumerable.Range(0, 8).Select(i => new SampleItem
        {
            Id = $"p{i}",
            PromptIds = [0, .. Enumerable.Range(0, 5 + i).Select(p => 4 + CounterRandom.For(3, "p").At(i).Integer(p, Vocabulary - 5))],
            OracleLength = 8,
        })];
        var before = Run(cells);
        var mixed = Run(both);
        var after = Run(cells);
        int differing = 0;
        foreach (var item in items)
            for (int c = 0; c < cells.Length; c++)
            {
                SweepCases.AssertSame(before[(item.Id, c)], mixed[(item.Id, c)]);
                SweepCases.AssertSame(before[(item.Id, c)], after[(item.Id, c)]);
                var rounded = mixed[(item.Id, c + cells.Length)];
                Assert.Equal(before[(item.Id, c)].Score, rounded.Score, model is Sedd ? 2 : 0.2); // a draw may go to another token
                if (rounded.Score != before[(item.Id, c)].Score) differing++;
            }
        Assert.InRange(differing, cells.Length * items.Length / 2, int.MaxValue);

        Dictionary<(string, int), SampleResult> Run(SamplerSettings[] of) =>
            new SweepSampler(model, null, s_specials, new SweepOptions { BatchTokens = 512 },
                model is Sedd ? AttentionKind.Full : AttentionKind.Prefix).Run(items, of).ToDictionary(r => (r.Id, r.CellIndex));
    }
}
