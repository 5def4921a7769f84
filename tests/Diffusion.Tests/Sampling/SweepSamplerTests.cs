using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

public class SweepSamplerTests
{
    [Fact]
    public void Every_sampler_gives_what_the_plain_generator_gives()
    {
        var model = new FakeDenoiser();
        var items = SweepCases.Items(6);
        var cells = SweepCases.Steps.SelectMany(SweepCases.Samplers).Append(new SamplerSettings { Preset = "left-to-right" })
            .Append(new SamplerSettings { Preset = "left-to-right", Temperature = 1 }).Select(SweepCases.Oracle).ToList();
        var results = SweepCases.Run(model, items, cells, trace: true);
        int masks = 0;
        foreach (var result in results.Values)
        {
            var (item, sampler) = (items[result.ItemIndex], cells[result.CellIndex]);
            var plain = PlainGenerator.Run(model, item.PromptIds, item.OracleLength!.Value, sampler, 5, item.Id, 0);
            Assert.Equal(plain.Ids, result.Ids);
            Assert.Equal(plain.Score, result.Score, 1e-12);
            Assert.Equal(plain.Nfe, result.Nfe);
            var replayed = TraceReplay.AfterStep(result.Trace![0], result.Length, plain.AfterStep.Count, model.Mask);
            for (int s = 0; s < replayed.Count; s++) Assert.Equal(plain.AfterStep[s], replayed[s]);
            masks += result.Trace[0].Steps.Sum(s => s.Mask.Count);
            Assert.DoesNotContain(model.Mask, result.Ids); // invariant 2
        }
        Assert.True(masks > 1000, "the cases exercise re-masking");
    }

    [Fact]
    public void Under_uncond_the_masks_after_each_step_are_the_schedules_count()
    {
        var model = new FakeDenoiser(levels: 2); // many equal scores
        foreach (var schedule in Enum.GetValues<MaskSchedule>())
            for (int n = 1; n <= 40; n += 3)
            {
                var item = new SampleItem { Id = "a", PromptIds = [1, 2], OracleLength = n };
                var cells = new[] { 1, 2, 5, 9, 33,
                    64 }.Select(s => SweepCases.Oracle(new SamplerSettings { Steps = s, Schedule = schedule })).ToList();
                foreach (var result in SweepCases.Run(model, [item], cells, trace: true).Values)
                {
                    int steps = cells[result.CellIndex].Steps;
                    var replayed = TraceReplay.AfterStep(result.Trace![0], n, steps, model.Mask);
                    for (int s = 1; s <= steps; s++)
                        Assert.Equal(MaskCounts.Remaining(schedule, n, s, steps), replayed[s - 1].Count(x => x == model.Mask));
                }
            }
    }

    [Fact]
    public void Left_to_right_needs_a_pass_a_slot_whatever_S()
    {
        var item = new SampleItem { Id = "a", PromptIds = [1, 2, 3], OracleLength = 7 };
        var cells = new[] { 1, 7, 50 }.Select(s => SweepCases.Oracle(new SamplerSettings { Preset = "left-to-right", Steps = s })).ToList();
        var results = SweepCases.Run(new FakeDenoiser(), [item], cells, trace: true);
        foreach (var result in results.Values)
        {
            Assert.Equal(7, result.Nfe);
            Assert.Equal(Enumerable.Range(0, 7), result.Trace![0].Steps.Select(s => Assert.Single(s.Write).Position));
            Assert.Equal(results[("a", 0)].Ids, result.Ids);
        }
    }

    [Fact]
    public void Each_distinct_canvas_of_an_item_is_computed_once_at_temperature_0()
    {
        var model = new FakeDenoiser();
        var items = SweepCases.Items(20).Select((x, i) => x with { PromptIds = [i % 11, .. x.PromptIds, i / 11] }).ToArray();
        var cells = SweepCases.Steps.Select(s => SweepCases.Oracle(new SamplerSettings { Steps = s })).ToList();
        var sampler = new SweepSampler(model, model.Mask, new SweepOptions { BatchTokens = 512 });
        long needed = sampler.Run(items, cells).Sum(r => (long)r.Nfe);
        Assert.Equal(needed, sampler.Summary!.PassesNeeded);
        Assert.Equal(model.Canvases, sampler.Summary.PassesComputed);
        Assert.True(model.Canvases < needed);
        // The last step projects open slots alone; another cell that needs the written ones as well asks again.
        Assert.InRange(model.Canvases, model.Seen.Count, model.Seen.Count * 1.05);
    }

    [Fact]
    public void Errors_are_results_and_the_others_go_on()
    {
        var model = new FakeDenoiser(usablePositions: 20) { PredictsLengths = false };
        SampleItem[] items =
        [
            new() { Id = "empty", PromptIds = [] },
            new() { Id = "long", PromptIds = new int[19] },
            new() { Id = "fits", PromptIds = [1, 2], OracleLength = 3 },
            new() { Id = "no target", PromptIds = [1, 2] },
            new() { Id = "override", PromptIds = [1, 2], LengthOverride = 4 },
            new() { Id = "nothing", PromptIds = [1, 2], OracleLength = 0 },
        ];
        SamplerSettings[] cells = [SweepCases.Oracle(new()), new()];
        var results = SweepCases.Run(model, items, cells);
        (string?, string?) Codes(string id) => (results[(id, 0)].Error?.Code, results[(id, 1)].Error?.Code);
        Assert.Equal((ItemError.EmptySource, ItemError.EmptySource), Codes("empty"));
        Assert.Equal((ItemError.TooLong, ItemError.TooLong), Codes("long"));
        Assert.Equal((null, ItemError.NoLength), Codes("fits"));
        Assert.Equal((ItemError.NoTarget, ItemError.NoLength), Codes("no target"));
        Assert.Equal((null, null), Codes("override"));
        Assert.Equal(4, results[("override", 1)].Length);
        Assert.Equal((0, 0.0, 0), (results[("nothing", 0)].Length, results[("nothing", 0)].Score, results[("nothing", 0)].Nfe));
    }

    [Fact]
    public void A_length_beam_samples_each_candidate_alone_and_keeps_the_best()
    {
        var model = new FakeDenoiser();
        var items = SweepCases.Items(8);
        var sampler = new SamplerSettings { Steps = 6, Temperature = 0.8 };
        SamplerSettings[] cells = [sampler with { Length = new() { Beam = 5 } }, sampler with { Length = new() { Beam = 1 } }];
        var results = SweepCases.Run(model, items, cells, trace: true);
        foreach (var item in items)
        {
            int[] lengths = DiffusionBatch.Diffusion.Lengths.LengthBeam.Candidates(model.LengthLogits(item.PromptIds), 5,
                80 - item.PromptIds.Length - 1);
            var plain = lengths.Select((n, k) => PlainGenerator.Run(model, item.PromptIds, n, sampler, 5, item.Id, k)).ToList();
            int best = Enumerable.Range(0, 5).MaxBy(k => plain[k].Score); // the first of equals
            var beam = results[(item.Id, 0)];
            Assert.Equal(best, beam.Candidate);
            Assert.Equal(plain[best].Ids, beam.Ids);
            Assert.Equal(plain.Sum(p => p.Nfe), beam.Nfe);
            Assert.Equal([0, 1, 2, 3, 4], beam.Trace!.Select(t => t.Candidate));
            Assert.Equal(plain[0].Ids, results[(item.Id, 1)].Ids);
            Assert.Equal(plain[0].Nfe, results[(item.Id, 1)].Nfe);
        }
    }

    [Fact]
    public void Bad_settings_are_refused_at_once()
    {
        var sampler = new SweepSampler(new FakeDenoiser(), 11, new SweepOptions());
        var items = SweepCases.Items(1);
        Assert.Throws<ArgumentException>(() => sampler.Run(items, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Run(items, [SweepCases.Oracle(new() { Steps = 0 })]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Run(items, [SweepCases.Oracle(new() { Temperature = double.NaN })]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Run(items, [SweepCases.Oracle(new() { Noise = -1 })]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Run(items, [new() { Length = new() { Beam = 0 } }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Run(items, [new() { Length = new() { Source = "fixed" } }]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SweepSampler(new FakeDenoiser(), 11, new SweepOptions { BatchTokens = 0 }));
    }
}
