using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

public class RdmStepTests
{
    const int M = 99;
    static readonly CounterRandom Draws = CounterRandom.For(2, "x");

    static (int[] X, float[] Score, StepBuffers Buffers) Apply(int[] x, float[] written, int[] predicted, float[] score, int keep,
        ReMaskRule reMask, double noise = 0)
    {
        var (tokens, scores, buffers) = (x.ToArray(), written.ToArray(), new StepBuffers());
        RdmStep.Apply(tokens, scores, predicted, score, keep, reMask, noise, Draws, M, buffers);
        return (tokens, scores, buffers);
    }

    [Fact]
    public void Equal_scores_are_ranked_by_position_so_that_exactly_K_stay_masked()
    {
        for (int keep = 0; keep <= 5; keep++)
        {
            var (x, _, _) = Apply([M, M, M, M, M], new float[5], [1, 2, 3, 4, 5], [-1, -1, -1, -1, -1], keep, ReMaskRule.Uncond);
            Assert.Equal(Enumerable.Range(0, 5).Select(i => i < keep ? M : i + 1), x);
        }
    }

    [Fact]
    public void A_written_slot_that_stays_keeps_its_old_token_and_score()
    {
        var (x, score, buffers) = Apply([7, M], [-0.5f, float.NegativeInfinity], [8, 9], [-0.1f, -2], 1, ReMaskRule.Uncond);
        Assert.Equal([7, M], x);
        Assert.Equal(-0.5f, score[0]);
        Assert.False(buffers.Changed);
    }

    [Fact]
    public void Uncond_masks_low_written_slots_again()
    {
        var (x, score, buffers) = Apply([7, M], [-0.5f, float.NegativeInfinity], [8, 9], [-3f, -2], 1, ReMaskRule.Uncond);
        Assert.Equal([M, 9], x);
        Assert.Equal([float.NegativeInfinity, -2], score);
        Assert.Equal([0], buffers.Masked);
        Assert.Equal([new TraceWrite(1, 9, -2)], buffers.Written);
    }

    [Theory]
    [InlineData(8, -3f, 7)] // another token: stays
    [InlineData(7, -3f, M)] // the same with a lower score: masked again
    [InlineData(7, -0.5f, 7)] // the same with the same score: stays
    public void Cond_masks_again_only_what_is_predicted_again_with_less_confidence(int predicted, float score, int expected)
    {
        var (x, _, _) = Apply([7, M], [-0.5f, float.NegativeInfinity], [predicted, 9], [score, -0.2f], 1, ReMaskRule.Cond);
        Assert.Equal([expected, 9], x);
    }

    [Fact]
    public void Noise_reorders_by_the_gumbel_variates_of_the_positions()
    {
        float[] score = [-1, -1.1f, -1.2f, -0.9f];
        const double noise = 1.5;
        var (x, _, _) = Apply([M, M, M, M], new float[4], [1, 2, 3, 4], score, 2, ReMaskRule.Uncond, noise);
        var low = Enumerable.Range(0, 4).OrderBy(i => score[i] + noise * Draws.Gumbel(i)).Take(2).ToHashSet();
        Assert.Equal(Enumerable.Range(0, 4).Select(i => low.Contains(i) ? M : i + 1), x);
        var (quiet, _, _) = Apply([M, M, M, M], new float[4], [1, 2, 3, 4], score, 2, ReMaskRule.Uncond);
        Assert.NotEqual(quiet, x); // these draws do change the order
    }
}
