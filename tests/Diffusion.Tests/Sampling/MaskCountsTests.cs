using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

public class MaskCountsTests
{
    [Fact]
    public void Counts_fall_from_at_most_N_to_exactly_0()
    {
        foreach (var schedule in Enum.GetValues<MaskSchedule>())
            for (int n = 0; n <= 64; n++)
                for (int steps = 1; steps <= 64; steps++)
                {
                    int before = n;
                    for (int s = 1; s <= steps; s++)
                    {
                        int k = MaskCounts.Remaining(schedule, n, s, steps);
                        Assert.InRange(k, 0, before);
                        before = k;
                    }
                    Assert.Equal(0, before);
                }
    }

    [Theory] // by hand
    [InlineData(MaskSchedule.Linear, 10, 1, 3, 6)]
    [InlineData(MaskSchedule.Linear, 10, 2, 3, 3)]
    [InlineData(MaskSchedule.Linear, 5, 4, 5, 1)] // in doubles 5 * (1 - 4/5) falls below 1
    [InlineData(MaskSchedule.Linear, 2_000_000_000, 1, 2, 1_000_000_000)]
    [InlineData(MaskSchedule.Cosine, 12, 1, 4, 11)]
    [InlineData(MaskSchedule.Cosine, 12, 2, 4, 8)]
    [InlineData(MaskSchedule.Cosine, 12, 3, 4, 4)]
    [InlineData(MaskSchedule.Cosine, 2, 2, 3, 1)] // cos(pi/3) is exactly one half in float32
    [InlineData(MaskSchedule.Cosine, 20, 3, 3, 0)]
    public void Counts_are_those_of_the_contract(MaskSchedule schedule, int n, int s, int steps, int expected) =>
        Assert.Equal(expected, MaskCounts.Remaining(schedule, n, s, steps));

    [Fact]
    public void Linear_counts_are_exact_integers()
    {
        for (int n = 1; n <= 64; n++)
            for (int steps = 1; steps <= 64; steps++)
                for (int s = 1; s <= steps; s++)
                {
                    int k = MaskCounts.Remaining(MaskSchedule.Linear, n, s, steps);
                    Assert.True(k * steps <= n * (steps - s) && (k + 1) * steps > n * (steps - s));
                }
    }

    [Theory]
    [InlineData(MaskSchedule.Cosine)]
    [InlineData(MaskSchedule.Linear)]
    public void The_rate_falls_from_1_to_0(MaskSchedule schedule)
    {
        Assert.Equal(1, MaskCounts.Rate(schedule, 0, 7));
        Assert.Equal(0, MaskCounts.Rate(schedule, 7, 7));
        for (int s = 1; s <= 7; s++) Assert.True(MaskCounts.Rate(schedule, s, 7) < MaskCounts.Rate(schedule, s - 1, 7));
    }
}
