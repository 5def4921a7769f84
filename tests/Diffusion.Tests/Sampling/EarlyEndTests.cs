using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Presets;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Responses that end with their first closing token.</summary>
public sealed class EarlyEndTests
{
    public static TheoryData<string> Presets =>
        [.. SamplerPreset.Registry.Cards.Where(c => c.Setting("endAtEos") is not null).Select(c => c.Name)];

    [Theory, MemberData(nameof(Presets))]
    public void The_text_is_that_of_the_whole_run_and_passes_are_saved(string preset)
    {
        SamplerSettings whole = SweepCases.Oracle(new() { Preset = preset, Steps = 7 });
        if (StrategyCatalog.Find(StrategyKind.Preset, preset)!.Setting("blockLength") is not null) whole = whole with { BlockLength = 4 };
        SamplerSettings[] cells = [whole, whole with { EndAtEos = true }, whole with { EndAtEos = true, Temperature = 0.8 },
            whole with { Temperature = 0.8 }];
        var items = SweepCases.Items(60);
        var model = new FakeDenoiser();
        var results = SweepCases.Run(model, items, cells, trace: true);
        int ended = 0;
        long saved = 0;
        foreach (var item in items)
            foreach (var (all, early) in new[] { (results[(item.Id, 0)], results[(item.Id, 1)]),
                (results[(item.Id, 3)], results[(item.Id, 2)]) })
            {
                int end = Array.IndexOf(all.Ids, model.Eos);
                Assert.Equal(all.Length, early.Length);
                if (end < 0)
                {
                    SweepCases.AssertSame(all, early);
                    continue;
                }
                Assert.Equal(all.Ids[..(end + 1)], early.Ids[..(end + 1)]);
                Assert.InRange(early.Nfe, 1, all.Nfe);
                saved += all.Nfe - early.Nfe;
                if (early.Nfe == all.Nfe) continue;
                ended++;
                var written = early.Trace![0].Steps.SelectMany(s => s.Write).ToArray();
                Assert.Equal(early.Length, written.Select(w => w.Position).Distinct().Count());
                Assert.All(written.Where(w => w.LogProbability == 0), w => Assert.Equal(model.Eos, w.Id)); // no pass wrote it
                Assert.Equal(written.Where(w => w.LogProbability != 0).Average(w => (double)w.LogProbability), early.Score, 1e-5);
            }
        Assert.InRange(ended, 1, 120);
        Assert.InRange(saved, ended, long.MaxValue);
    }

    [Fact]
    public void Presets_that_mask_again_do_not_have_it() =>
        Assert.Empty(
            ((string[])["rdm", "cmlm", "remdm", "dndm", "sundae", "sedd-euler", "sedd-tweedie"]).Intersect(Presets.Select(p => p.Data)));

    [Fact]
    public void An_item_with_places_to_fill_in_runs_to_its_end()
    {
        var model = new FakeDenoiser();
        SampleItem[] items = [.. Enumerable.Range(0, 20)
            .Select(i => new SampleItem { Id = $"h{i}", PromptIds = [0, model.Mask, 4, model.Mask, 5, 6], Holes = [1, 3],
                OracleLength = 8 })];
        SamplerSettings whole = SweepCases.Oracle(new() { Preset = "left-to-right" });
        var results = SweepCases.Run(model, items, [whole, whole with { EndAtEos = true }]);
        Assert.Contains(items, i => results[(i.Id, 0)].Ids.Contains(model.Eos));
        Assert.All(items, i => Assert.Equal(results[(i.Id, 0)].Ids, results[(i.Id, 1)].Ids));
    }
}
