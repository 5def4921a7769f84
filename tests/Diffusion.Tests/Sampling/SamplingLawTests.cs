using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>The laws that samplers draw from, with the exact conditionals of a small Markov chain in the network's place.</summary>
public sealed class SamplingLawTests
{
    const int Slots = 3, Draws = 3000, Sequences = 27;
    static readonly MarkovDenoiser s_chain = MarkovDenoiser.Small;

    [Fact]
    public void First_hitting_equals_ancestral_sampling_with_many_steps_in_law()
    {
        double[] exact = Exact();
        int[] first = Counts(new() { Preset = "first-hitting", Temperature = 1 }),
            many = Counts(new() { Preset = "ancestral", Steps = 600, Temperature = 1 });
        Assert.InRange(ChiSquare(first, exact), 0, Limit);
        Assert.InRange(ChiSquare(many, exact), 0, Limit);
        // Two samples of one size: (a - b)^2 / (a + b).
        Assert.InRange(first.Zip(many, (a, b) => a + b == 0 ? 0 : (double)(a - b) * (a - b) / (a + b)).Sum(), 0, Limit);
        // One step writes each slot as if it were alone, which is another law: the test can tell.
        Assert.True(ChiSquare(Counts(new() { Preset = "ancestral", Steps = 1, Temperature = 1 }), exact) > 3 * Limit);
    }

    [Theory]
    [InlineData(TransitionRule.Select, TimeKind.Continuous)]
    [InlineData(TransitionRule.Select, TimeKind.Discrete)]
    public void Transitions_one_by_one_give_the_chain_s_law(TransitionRule rule, TimeKind time) =>
        Assert.InRange(
            ChiSquare(Counts(new() { Preset = "dndm", Steps = 600, Transition = rule, Time = time, BetaA = 2, BetaB = 2, Temperature = 1 }),
                Exact()), 0, Limit);

    [Theory]
    [InlineData(ReMaskSchedule.Cap)]
    [InlineData(ReMaskSchedule.Rescale)]
    [InlineData(ReMaskSchedule.ForwardBackward)]
    public void Masking_again_keeps_the_law(ReMaskSchedule sigma)
    {
        var settings = new SamplerSettings { Preset = "remdm", Steps = 400, Sigma = sigma, Eta = 0.01, Temperature = 1 };
        Assert.InRange(ChiSquare(Counts(settings), Exact()), 0, Limit);
    }

    [Fact]
    public void Masking_again_keeps_the_share_of_masks_at_each_time()
    {
        var settings = new SamplerSettings
        {
            Preset = "remdm",
            Steps = 10,
            Sigma = ReMaskSchedule.Rescale,
            Eta = 0.7,
            Temperature = 1,
            Length = new() { Source = "fixed", Value = 40 }
        };
        double[] masked = new double[11];
        foreach (var result in Run(settings, 60, trace: true))
        {
            int step = 1;
            foreach (int[] slots in TraceReplay.AfterStep(result.Trace![0], 40, 10, s_chain.Mask))
                masked[step++] += slots.Count(t => t == s_chain.Mask) / (60.0 * 40);
        }
        for (int s = 1; s <= 10; s++) Assert.Equal(1 - s / 10.0, masked[s], 0.05);
        Assert.Equal(0, masked[10]);
    }

    [Fact]
    public void The_posterior_of_uniform_noise_leads_to_the_data_s_law()
    {
        // One token: the network knows p(x_0) and no more, so the reverse process must bring back p.
        var noise = MultinomialNoise.Uniform(AlphaSchedule.Linear, 4, [3]);
        int[] counts = new int[3];
        foreach (var result in Run(new()
        {
            Preset = "ancestral",
            Steps = 12,
            Temperature = 1,
            Length = new() { Source = "fixed", Value = 1 }
        }, Draws, noise: noise)) counts[result.Ids[0]]++;
        Assert.InRange(ChiSquare(counts, [0.5, 0.3, 0.2]), 0, 16); // 2 degrees of freedom: 1 in 3000
    }

    [Fact]
    public void Passes_are_needed_where_tokens_are_written_alone()
    {
        foreach (var result in Run(new()
        {
            Preset = "ancestral",
            Steps = 1000,
            Temperature = 1,
            Length = new() { Source = "fixed", Value = 6 }
        }, 20, trace: true))
        {
            Assert.InRange(result.Nfe, 1, 6);
            Assert.Equal(result.Trace![0].Steps.Count, result.Nfe);
        }
        Assert.All(Run(new() { Preset = "first-hitting", Length = new() { Source = "fixed", Value = 6 } }, 5), r => Assert.Equal(6, r.Nfe));
    }

    // 26 degrees of freedom: a right sampler is above in 1 of 2000 runs, and the draws are always the same.
    const double Limit = 57;

    static double[] Exact() => [.. Enumerable.Range(0, Sequences).Select(k => Math.Exp(s_chain.LogProbability([k / 9, k / 3 % 3, k % 3])))];

    static int[] Counts(SamplerSettings settings)
    {
        int[] counts = new int[Sequences];
        foreach (var result in Run(settings with { Length = new() { Source = "fixed", Value = Slots } }, Draws))
            counts[(result.Ids[0] * 9) + (result.Ids[1] * 3) + result.Ids[2]]++;
        return counts;
    }

    static double ChiSquare(int[] counts, double[] law)
    {
        double n = counts.Sum();
        return counts.Zip(law, (count, p) => (count - (n * p)) * (count - (n * p)) / (n * p)).Sum();
    }

    static IEnumerable<SampleResult> Run(SamplerSettings settings, int items, bool trace = false, MultinomialNoise? noise = null)
    {
        var options = new SweepOptions { Seed = 3, Trace = trace, Closing = CanvasClosing.None, Noise = noise };
        return new SweepSampler(s_chain, s_chain.Mask,
            options).Run([.. Enumerable.Range(0, items).Select(i => new SampleItem { Id = $"{i}", PromptIds = [0] })], [settings]);
    }
}
