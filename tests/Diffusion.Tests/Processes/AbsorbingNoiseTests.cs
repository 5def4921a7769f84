using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Tests.Processes;

public sealed class AbsorbingNoiseTests
{
    const int T = 50, Positions = 40, Start = 3;

    [Fact]
    public void Times_are_ordered_and_their_law_is_that_of_two_uniform_draws()
    {
        const int draws = 50_000;
        var larger = new int[T + 1];
        for (int i = 0; i < draws; i++)
        {
            var (t1, t2) = AbsorbingNoise.DrawTimes(CounterRandom.For(1, $"{i}"), T);
            Assert.InRange(t2, 1, t1);
            Assert.InRange(t1, 1, T);
            larger[t1]++;
        }
        // P(max = t) = (2t - 1) / T^2; the statistic has 49 degrees of freedom, of which 100 is beyond the 0.9999 quantile.
        double chi = Enumerable.Range(1, T)
            .Sum(t => Math.Pow(larger[t] - draws * (2.0 * t - 1) / (T * T), 2) / (draws * (2.0 * t - 1) / (T * T)));
        Assert.True(chi < 100, $"chi-square {chi}");
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(40, 10)]
    [InlineData(30, 29)]
    [InlineData(25, 25)]
    [InlineData(1, 1)]
    public void Masks_have_their_marginal_rates_and_the_second_is_a_subset_of_the_first(int t1, int t2)
    {
        const int samples = 3000;
        var (mask1, mask2) = (new bool[Positions], new bool[Positions]);
        int first = 0, second = 0, both = 0;
        for (int i = 0; i < samples; i++)
        {
            var sample = CounterRandom.For(7, $"s{i}").At(2);
            AbsorbingNoise.DrawMask(sample, t1, T, Start, mask1);
            AbsorbingNoise.DrawSecondMask(sample, t1, t2, T, Start, mask1, mask2);
            for (int p = 0; p < Positions; p++)
            {
                if (t1 != t2) Assert.False(mask2[p] && !mask1[p]);
                first += mask1[p] ? 1 : 0;
                second += mask2[p] ? 1 : 0;
                both += mask1[p] && mask2[p] ? 1 : 0;
            }
        }
        AssertRate(first, (double)t1 / T);
        AssertRate(second, (double)t2 / T);
        // Where the times are equal the second is a fresh draw: both with probability (t / T)^2.
        AssertRate(both, t1 == t2 ? (double)t1 / T * t1 / T : (double)t2 / T);

        static void AssertRate(int count, double rate)
        {
            double n = samples * Positions, deviation = Math.Sqrt(n * rate * (1 - rate));
            Assert.InRange(count, n * rate - 5 * deviation, n * rate + 5 * deviation);
        }
    }

    [Fact]
    public void At_the_last_time_everything_is_masked()
    {
        var mask = new bool[200];
        AbsorbingNoise.DrawMask(CounterRandom.For(1, "x"), T, T, 0, mask);
        Assert.DoesNotContain(false, mask);
    }

    [Theory]
    [InlineData(LossWeighting.Linear, 50, 1, 50)]
    [InlineData(LossWeighting.Linear, 50, 50, 1)]
    [InlineData(LossWeighting.Reciprocal, 50, 1, 50)]
    [InlineData(LossWeighting.Reciprocal, 50, 50, 1)]
    [InlineData(LossWeighting.Reciprocal, 50, 4, 12.5)]
    [InlineData(LossWeighting.None, 50, 17, 50)]
    public void Weights_are_on_one_scale(LossWeighting weighting, int timesteps, int t, double expected) =>
        Assert.Equal(expected, LossWeights.Of(weighting, timesteps, t));
}
