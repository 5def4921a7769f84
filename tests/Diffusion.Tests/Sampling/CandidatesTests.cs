using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Several samples of one item, of which the model's own score chooses.</summary>
public sealed class CandidatesTests
{
    [Theory]
    [InlineData("llada")]
    [InlineData("rdm")]
    [InlineData("autoregressive")]
    public void The_best_score_wins_of_equals_the_earlier_and_passes_are_summed(string preset)
    {
        var items = SweepCases.Items(8);
        var cell = SweepCases.Oracle(new() { Preset = preset, Steps = 5, Temperature = 1 });
        var four = SweepCases.Run(new FakeDenoiser(), items, [cell with { Candidates = 4 }, cell with { Candidates = 2 }, cell],
            trace: true);
        int later = 0;
        foreach (var item in items)
        {
            var (all, two, one) = (four[(item.Id, 0)], four[(item.Id, 1)], four[(item.Id, 2)]);
            Assert.Equal([0, 1, 2, 3], all.Trace!.Select(t => t.Candidate));
            Assert.Equal(all.Nfe, all.Passes.Sum(p => p.Count));
            Assert.Equal(4, all.Passes.Count);
            Assert.Equal(all.Passes.Take(2), two.Passes); // the same draws, whatever the number of candidates
            Assert.Equal(all.Passes[0].Count, one.Nfe);
            Assert.True(all.Score >= two.Score && two.Score >= one.Score);
            if (all.Score == one.Score) Assert.Equal(0, all.Candidate);
            if (all.Candidate > 0) later++;
        }
        Assert.InRange(later, 2, 8);
    }

    [Fact]
    public void Without_draws_candidates_are_one_response_that_is_computed_once()
    {
        var model = new FakeDenoiser();
        var items = SweepCases.Items(5);
        var cell = SweepCases.Oracle(new() { Preset = "llada", Steps = 6 });
        var one = SweepCases.Run(new FakeDenoiser(), items, [cell]);
        var three = SweepCases.Run(model, items, [cell with { Candidates = 3 }]);
        foreach (var item in items)
        {
            Assert.Equal(one[(item.Id, 0)].Ids, three[(item.Id, 0)].Ids);
            Assert.Equal((0, 3 * one[(item.Id, 0)].Nfe), (three[(item.Id, 0)].Candidate, three[(item.Id, 0)].Nfe));
        }
        Assert.Equal(one.Values.Sum(r => r.Nfe), model.Canvases);
    }

    [Fact]
    public void Candidates_of_a_length_beam_are_so_many_of_each_length()
    {
        var item = SweepCases.Items(1)[0];
        var result = SweepCases.Run(new FakeDenoiser(), [item],
            [new() { Steps = 4, Temperature = 1, Candidates = 3, Length = new() { Beam = 2 } }]).Values.Single();
        Assert.Equal(6, result.Passes.Count);
        Assert.Equal([3, 3], result.Passes.GroupBy(p => p.Slots).Select(g => g.Count()));
    }

    [Fact]
    public void What_comes_after_an_end_is_not_written_and_a_sequence_that_leaves_changes_no_other()
    {
        // Invariant: an early end cuts the rest, and leaving the batch changes nothing.
        var items = SweepCases.Items(30);
        var model = new FakeDenoiser();
        var cell = new SamplerSettings { Preset = "autoregressive", Length = new() { Source = "fixed", Value = 25 } };
        var together = SweepCases.Run(model, items, [cell], batchTokens: 2048);
        Assert.InRange(together.Values.Count(r => r.Length < 25), 5, 30);
        foreach (var item in items)
        {
            SweepCases.AssertSame(together[(item.Id, 0)], SweepCases.Run(model, [item], [cell]).Values.Single());
            Assert.DoesNotContain(model.Eos, together[(item.Id, 0)].Ids);
            Assert.Equal(Math.Min(25, together[(item.Id, 0)].Length + 1), together[(item.Id, 0)].Nfe);
        }
    }
}
