using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Sweeps;

namespace DiffusionBatch.Diffusion.Tests.Lengths;

public class LengthPlanTests
{
    const int Positions = 20;
    static readonly float[] Logits = [0, 0, 3, 1, 0];
    static readonly LengthSettings Predicted = new() { Beam = 2 };
    static readonly LengthSettings Oracle = new() { Source = "oracle" };
    static readonly LengthSettings Fixed = new() { Source = "fixed", Value = 6 };

    static SampleItem Item(int prompt, int? oracle = null, int? length = null) =>
        new() { Id = "x", PromptIds = new int[prompt], OracleLength = oracle, LengthOverride = length };

    static (int[] Lengths, string? Code) Plan(SampleItem item, LengthSettings settings, float[]? logits = null)
    {
        var plan = LengthPlan.For(item, LengthSource.Registry.Create(settings.Source), settings, logits, Positions);
        return (plan.Lengths, plan.Error?.Code);
    }

    [Fact]
    public void Each_source_gives_its_length()
    {
        Assert.Equal([3, 4], Plan(Item(5), Predicted, Logits).Lengths);
        Assert.Equal([9], Plan(Item(5, oracle: 9), Oracle).Lengths);
        Assert.Equal([6], Plan(Item(5), Fixed).Lengths);
    }

    [Fact]
    public void An_override_comes_before_every_source()
    {
        foreach (var settings in new[] { Predicted, Oracle, Fixed })
        {
            Assert.Equal([2], Plan(Item(5, oracle: 9, length: 2), settings, Logits).Lengths);
            Assert.Equal([2], Plan(Item(5, length: 2), settings).Lengths);
        }
        var cell = CellPlan.Of(new SamplerSettings { Length = Predicted }, new());
        Assert.False(cell.NeedsPredictor(Item(5, length: 2)));
        Assert.True(cell.NeedsPredictor(Item(5)));
        Assert.False(CellPlan.Of(new SamplerSettings { Length = Oracle }, new()).NeedsPredictor(Item(5)));
    }

    [Fact]
    public void A_predicted_length_is_clipped_to_what_fits_and_a_given_one_is_an_error()
    {
        Assert.Equal([2, 2], Plan(Item(Positions - 3), Predicted, Logits).Lengths);
        Assert.Equal([6], Plan(Item(Positions - 7), Fixed).Lengths);
        Assert.Equal(ItemError.TooLong, Plan(Item(Positions - 6), Fixed).Code);
        Assert.Equal(ItemError.TooLong, Plan(Item(15, oracle: 5), Oracle).Code);
        Assert.Equal(ItemError.TooLong, Plan(Item(15, length: 5), Predicted, Logits).Code);
    }

    [Fact]
    public void What_cannot_be_had_is_an_error()
    {
        Assert.Equal(ItemError.NoTarget, Plan(Item(5), Oracle).Code);
        Assert.Equal(ItemError.NoLength, Plan(Item(5), Predicted).Code);
        Assert.Equal(ItemError.NoLength, Plan(Item(5, length: -1), Fixed).Code);
    }

    [Fact]
    public void An_item_is_checked_before_anything_is_computed()
    {
        Assert.Null(LengthPlan.Check(Item(Positions - 2), 10, Positions));
        Assert.Equal(ItemError.TooLong, LengthPlan.Check(Item(Positions - 1), 10, Positions)?.Code);
        Assert.Equal(ItemError.EmptySource, LengthPlan.Check(Item(0), 10, Positions)?.Code);
        Assert.Equal(ItemError.UnknownId, LengthPlan.Check(new SampleItem { Id = "x", PromptIds = [0, 10] }, 10, Positions)?.Code);
        Assert.Equal(ItemError.UnknownId, LengthPlan.Check(new SampleItem { Id = "x", PromptIds = [-1] }, 10, Positions)?.Code);
    }
}
