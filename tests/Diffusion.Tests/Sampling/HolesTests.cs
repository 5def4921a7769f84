using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Presets;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Masks within a prompt are slots; whatever isn't a mask is fixed.</summary>
public sealed class HolesTests
{
    static readonly string[] s_presets = [.. SamplerPreset.Registry.Cards
        .Where(c => !c.Is(StrategyTraits.NextToken) && SamplerPreset.Registry.Create(c.Name).Suits(SampledModel.Masks))
        .Select(c => c.Name)];

    static int[] Canvas(SampleItem item, int[] ids)
    {
        int[] canvas = [.. item.PromptIds, .. ids[item.Holes.Length..]];
        for (int i = 0; i < item.Holes.Length; i++) canvas[item.Holes[i]] = ids[i];
        return canvas;
    }

    [Fact]
    public void Holes_behind_a_prompt_are_the_slots_that_a_length_would_give()
    {
        using var checkpoint = GoldenDecoding.Model();
        int mask = checkpoint.Specials.Mask, eos = checkpoint.Specials.Eos;
        int[] prompt = [0, 34, 17, 31];
        foreach (string preset in s_presets.Where(p => p != "infill")) // whose blocks are counted from the prompt's beginning
        {
            var cell = new SamplerSettings { Preset = preset, Steps = 4, Length = new() { Source = "fixed", Value = 6 } };
            var sampler = SweepSampler.For(checkpoint, new SweepOptions());
            var plain = sampler.Run([new SampleItem { Id = "x", PromptIds = prompt }], [cell]).Single();
            var holes = new SampleItem
            {
                Id = "x",
                PromptIds = [.. prompt, .. Enumerable.Repeat(mask, 6), eos],
                Holes = [4, 5, 6, 7, 8, 9]
            };
            var filled = sampler.Run([holes], [cell with { Closing = CanvasClosing.None, Length = null }]).Single();
            Assert.Equal(plain.Ids, filled.Ids);
            Assert.Equal(plain.Score, filled.Score, 1e-5);
            Assert.Equal(plain.Nfe, filled.Nfe);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_no_mask_stays_and_slots_before_and_behind_it_are_one_response(double temperature)
    {
        using var checkpoint = GoldenDecoding.Model();
        int mask = checkpoint.Specials.Mask;
        var item = new SampleItem { Id = "x", PromptIds = [0, mask, 17, mask, mask, 31, 5], Holes = [1, 3, 4], LengthOverride = 2 };
        foreach (string preset in s_presets)
        {
            var result = SweepSampler.For(checkpoint, new SweepOptions { Trace = true })
                .Run([item], [new SamplerSettings { Preset = preset, Steps = 3, Temperature = temperature }]).Single();
            Assert.Null(result.Error);
            Assert.Equal(5, result.Length);
            Assert.DoesNotContain(mask, result.Ids);
            int[] canvas = Canvas(item, result.Ids);
            Assert.Equal([0, 17, 31, 5], new[] { canvas[0], canvas[2], canvas[5], canvas[6] });
            Assert.Equal(9, canvas.Length);
        }
        var none = SweepSampler.For(checkpoint, new SweepOptions()).Run([item with { LengthOverride = -1 }], [new SamplerSettings()])
            .Single();
        Assert.Equal(ItemError.NoLength, none.Error!.Code);
    }
}
