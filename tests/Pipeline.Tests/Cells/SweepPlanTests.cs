using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Cells;

public sealed class SweepPlanTests
{
    static string[] Names(SamplerSpec sampler) => [.. SweepPlan.Expand(sampler).Select(cell => cell.Name)];

    [Fact]
    public void Steps_are_always_in_the_name() =>
        Assert.Equal(["steps=50"], Names(new SamplerSpec { ReMask = ReMaskRule.Cond, Temperature = 0.5 }));

    [Fact]
    public void Steps_come_first_and_the_other_lists_in_ordinal_order_of_their_paths()
    {
        var sampler = new SamplerSpec
        {
            Steps = new[] { 8, 16 },
            ReMask = new[] { ReMaskRule.Uncond, ReMaskRule.Cond },
            Length = new LengthSpec { Beam = new[] { 5 } },
        };
        Assert.Equal(
            ["steps=8,length.beam=5,reMask=uncond", "steps=8,length.beam=5,reMask=cond", "steps=16,length.beam=5,reMask=uncond", "steps=16,length.beam=5,reMask=cond"],
            Names(sampler));
    }

    [Fact]
    public void Every_leaf_can_be_a_list_and_numbers_are_shortest()
    {
        var sampler = new SamplerSpec
        {
            Preset = new[] { SamplerPreset.LeftToRight },
            Steps = new[] { 1_000_000 },
            ReMask = new[] { ReMaskRule.Cond },
            Order = new[] { RankingOrder.Stochastic },
            Noise = new[] { 1e-7 },
            Schedule = new[] { MaskSchedule.Linear },
            Temperature = new[] { 0.1 },
            Length = new LengthSpec { Source = new[] { LengthSource.Fixed }, Value = new[] { 60 } },
        };
        var cell = Assert.Single(SweepPlan.Expand(sampler));
        Assert.Equal("steps=1000000,length.source=fixed,length.value=60,noise=1E-07,order=stochastic,preset=left-to-right,reMask=cond,schedule=linear,temperature=0.1", cell.Name);
        Assert.Equal((SamplerPreset.LeftToRight, 1_000_000, ReMaskRule.Cond, RankingOrder.Stochastic, 1e-7, MaskSchedule.Linear, 0.1), (cell.Preset, cell.Steps, cell.ReMask, cell.Order, cell.Noise, cell.Schedule, cell.Temperature));
        Assert.Equal(new CellLength(LengthSource.Fixed, 60, 1), cell.Length);
    }

    [Fact]
    public void Without_length_it_is_predicted_with_beam_1() =>
        Assert.Equal(new CellLength(LengthSource.Predicted, null, 1), SweepPlan.Expand(new SamplerSpec())[0].Length);

    [Fact]
    public void A_cell_has_only_what_its_length_source_uses()
    {
        var sampler = new SamplerSpec { Length = new LengthSpec { Source = new[] { LengthSource.Predicted, LengthSource.Oracle, LengthSource.Fixed }, Beam = 5, Value = 7 } };
        Assert.Equal(
            [new CellLength(LengthSource.Predicted, null, 5), new CellLength(LengthSource.Oracle, null, 1), new CellLength(LengthSource.Fixed, 7, 1)],
            SweepPlan.Expand(sampler).Select(cell => cell.Length));
    }

    [Fact]
    public void Names_are_distinct_and_as_many_as_counted()
    {
        var sampler = new SamplerSpec { Steps = new[] { 1, 2, 4 }, Temperature = new[] { 0, 0.5, 1 }, Schedule = new[] { MaskSchedule.Cosine, MaskSchedule.Linear } };
        string[] names = Names(sampler);
        Assert.Equal(18, names.Distinct().Count());
        Assert.Equal(18, SweepPlan.Count(sampler));
    }

    [Fact]
    public void A_cells_settings_are_written_with_the_manifests_field_names()
    {
        Assert.Equal(
            """{"preset":"rdm","steps":8,"reMask":"uncond","order":"deterministic","schedule":"cosine","temperature":0,"length":{"source":"predicted","beam":1}}""",
            SweepPlan.Expand(new SamplerSpec { Steps = 8 })[0].ToJson().ToJsonString());
        Assert.Equal(
            """{"preset":"left-to-right","steps":50,"reMask":"uncond","order":"stochastic","noise":0.5,"schedule":"cosine","temperature":0.1,"length":{"source":"fixed","value":9}}""",
            SweepPlan.Expand(new SamplerSpec
            {
                Preset = SamplerPreset.LeftToRight,
                Order = RankingOrder.Stochastic,
                Noise = 0.5,
                Temperature = 0.1,
                Length = new LengthSpec { Source = LengthSource.Fixed, Value = 9 },
            })[0].ToJson().ToJsonString());
    }
}
