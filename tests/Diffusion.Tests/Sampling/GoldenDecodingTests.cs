using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

public sealed class GoldenDecodingTests : IDisposable
{
    readonly GoldenDecoding _golden = GoldenDecoding.Read();
    readonly Checkpoint _checkpoint = GoldenDecoding.Model();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public void All_109_runs_token_for_token_after_every_step()
    {
        Assert.Equal(_golden.Mask, _checkpoint.Specials.Mask);
        Assert.Equal(109, _golden.Cases.Count);
        // One sweep over all samplers, sharing its passes; TorchSweepTests hold such a sweep to its cells alone.
        var items = _golden.Cases.DistinctBy(c => Key(c.Prompt))
            .Select(c => new SampleItem { Id = Key(c.Prompt), PromptIds = c.Prompt, OracleLength = c.Length }).ToList();
        var samplers = _golden.Cases.Select(c => c.Sampler).Distinct().ToList();
        var results = Sample(items, [.. samplers.Select(SweepCases.Oracle)], trace: true).ToDictionary(r => (r.Id, r.CellIndex));
        foreach (var run in _golden.Cases)
        {
            var result = results[(Key(run.Prompt), samplers.IndexOf(run.Sampler))];
            Assert.Equal(run.Length, result.Length);
            var replayed = TraceReplay.AfterStep(result.Trace![0], run.Length, run.Steps, _golden.Mask);
            for (int s = 0; s < run.Steps; s++)
                Assert.True(run.TokensAfterStep[s].SequenceEqual(replayed[s]),
                    $"{run.Strategy}, S = {run.Steps}, N = {run.Length}, after step {s + 1}");
            Assert.Equal(run.TokensAfterStep[^1], result.Ids);
            if (!run.IsLeftToRight) Assert.Equal(run.MeanScore, result.Score, 1e-4);
            else Assert.Equal(run.Length, result.Nfe);
        }
    }

    static string Key(int[] prompt) => string.Join(' ', prompt);

    [Fact]
    public void The_length_beams_with_every_candidate_and_the_one_that_wins()
    {
        Assert.Equal(4, _golden.LengthBeams.Count);
        var denoiser = new TorchDenoiser(_checkpoint.Model, _checkpoint.LengthPredictor, _checkpoint.Specials, default, false, -1,
            TimeProvider.System);
        var logits = denoiser.PredictLengths([.. _golden.LengthBeams.Select(b => b.Prompt)]);
        for (int i = 0; i < _golden.LengthBeams.Count; i++)
        {
            var beam = _golden.LengthBeams[i];
            foreach (var (@class, logit) in beam.Logits) Assert.Equal(logit, logits[i][@class], 1e-4);
            int longest = denoiser.UsablePositions - beam.Prompt.Length - 1;
            Assert.Equal(beam.Candidates.Select(c => c.Length), LengthBeam.Candidates(logits[i], beam.Width, longest));

            var item = new SampleItem { Id = "b" + i, PromptIds = beam.Prompt };
            var result = Sample([item], [beam.Sampler with { Length = new LengthSettings { Beam = beam.Width } }], trace: true).Single();
            Assert.Equal(beam.Chosen, result.Candidate);
            Assert.Equal(beam.Candidates[beam.Chosen].Tokens, result.Ids);
            Assert.Equal(beam.Candidates[beam.Chosen].MeanScore, result.Score, 1e-4);
            foreach (var candidate in beam.Candidates)
            {
                var alone = Sample([item with { LengthOverride = candidate.Length }], [beam.Sampler with { Length = new LengthSettings() }])
                    .Single();
                Assert.Equal(candidate.Tokens, alone.Ids);
                Assert.Equal(candidate.MeanScore, alone.Score, 1e-4);
            }
        }
    }

    IEnumerable<SampleResult> Sample(IReadOnlyList<SampleItem> items, IReadOnlyList<SamplerSettings> cells, bool trace = false) =>
        SweepSampler.For(_checkpoint, new SweepOptions { Trace = trace }).Run(items, cells);
}
