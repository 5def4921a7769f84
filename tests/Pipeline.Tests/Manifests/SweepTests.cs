using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

public sealed class SweepTests
{
    static Sweep<SamplerSettings> Plain { get; } = new SamplerSettings();

    static string[] Names(Sweep<SamplerSettings> sampler) => [.. sampler.Expand().Select(cell => cell.Name)];

    static IReadOnlyList<SweepCell<SamplerSettings>> Cells(Sweep<SamplerSettings> sampler) =>
        new SampleManifest { Name = "x", Output = "o", Input = "i", Model = new() { From = "m" }, Sampler = sampler }.Cells();

    [Fact]
    public void Steps_are_always_in_the_name() =>
        Assert.Equal(["steps=50"], Names(new SamplerSettings { ReMask = ReMaskRule.Cond, Temperature = 0.5 }));

    [Fact]
    public void Steps_come_first_and_the_other_lists_in_ordinal_order_of_their_paths()
    {
        var sampler = Plain.Over("reMask", ReMaskRule.Uncond, ReMaskRule.Cond).Over("length.beam", 5).Over("steps", 8, 16);
        Assert.Equal(
            ["steps=8,length.beam=5,reMask=uncond", "steps=8,length.beam=5,reMask=cond", "steps=16,length.beam=5,reMask=uncond",
                "steps=16,length.beam=5,reMask=cond"],
            Names(sampler));
    }

    [Fact]
    public void Every_leaf_can_be_a_list_and_numbers_are_shortest()
    {
        var sampler = Plain.Over("preset", "left-to-right").Over("steps", 1_000_000).Over("reMask", ReMaskRule.Cond)
            .Over("order", RankingOrder.Stochastic)
            .Over("noise", 1e-7).Over("schedule", MaskSchedule.Linear).Over("temperature", 0.1).Over("length.source", "fixed")
            .Over("length.value", 60);
        var cell = Assert.Single(Cells(sampler));
        Assert.Equal(
            "steps=1000000,length.source=fixed,length.value=60,noise=1E-07,"
            + "order=stochastic,preset=left-to-right,reMask=cond,schedule=linear,temperature=0.1", cell.Name);
        Assert.Equal(
            new SamplerSettings
            {
                Preset = "left-to-right",
                Steps = 1_000_000,
                ReMask = ReMaskRule.Cond,
                Order = RankingOrder.Stochastic,
                Noise = 1e-7,
                Schedule = MaskSchedule.Linear,
                Temperature = 0.1,
                Length = new LengthSettings { Source = "fixed", Value = 60 },
            },
            cell.Settings);
        Assert.Throws<ArgumentException>(() => Plain.Over("stepz", 1));
        Assert.Throws<ArgumentException>(() => Plain.Over("steps"));
    }

    [Fact]
    public void Without_length_it_is_predicted_with_beam_1() =>
        Assert.Equal(new LengthSettings { Source = "predicted", Beam = 1 }, Cells(Plain)[0].Settings.Length);

    [Fact]
    public void A_cell_has_only_what_its_length_source_uses()
    {
        Sweep<SamplerSettings> sampler = new SamplerSettings { Length = new LengthSettings { Beam = 5, Value = 7 } };
        Assert.Equal(
            [new LengthSettings { Beam = 5 }, new LengthSettings { Source = "oracle" }, new LengthSettings { Source = "fixed", Value = 7 }],
            Cells(sampler.Over("length.source", "predicted", "oracle", "fixed")).Select(cell => cell.Settings.Length));
    }

    [Fact]
    public void Names_are_distinct_and_as_many_as_counted()
    {
        var sampler = Plain.Over("steps", 1, 2, 4).Over("temperature", 0.0, 0.5, 1.0)
            .Over("schedule", MaskSchedule.Cosine, MaskSchedule.Linear);
        Assert.Equal(18, Names(sampler).Distinct().Count());
        Assert.Equal(18, sampler.Count);
    }

    [Fact]
    public void A_cells_settings_are_written_with_the_manifests_field_names()
    {
        Assert.Equal(
            """{"preset":"rdm","steps":8,"reMask":"uncond","order":"deterministic","schedule":"cosine","temperature":0,"length":{"source":"predicted","beam":1}}""",
            Written(new SamplerSettings { Steps = 8 }));
        Assert.Equal(
            """{"preset":"rdm","steps":50,"reMask":"uncond","order":"stochastic","noise":0.5,"schedule":"cosine","temperature":0.1,"length":{"source":"fixed","value":9}}""",
            Written(new SamplerSettings
            {
                Order = RankingOrder.Stochastic,
                Noise = 0.5,
                Temperature = 0.1,
                Length = new() { Source = "fixed", Value = 9 }
            }));
        // What a preset doesn't heed isn't written.
        Assert.Equal(
            """{"preset":"left-to-right","steps":50,"temperature":0.1,"length":{"source":"oracle"}}""",
            Written(new SamplerSettings
            {
                Preset = "left-to-right",
                ReMask = ReMaskRule.Cond,
                Temperature = 0.1,
                Length = new() { Source = "oracle" }
            }));

        static string Written(SamplerSettings settings) => ManifestWriter.ToJson(Cells(settings)[0].Settings).ToJsonString();
    }
}
