using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Diffusion.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(LearningRateSchedule.Constant, 55, 1.0)]
    [InlineData(LearningRateSchedule.Linear, 55, 0.55)]
    [InlineData(LearningRateSchedule.Cosine, 55, 0.55)]
    [InlineData(LearningRateSchedule.InverseSqrt, 40, 0.5)]
    [InlineData(LearningRateSchedule.Constant, 100, 1.0)]
    [InlineData(LearningRateSchedule.Linear, 100, 0.1)]
    [InlineData(LearningRateSchedule.Cosine, 100, 0.1)]
    public void Curves_go_through_their_points(LearningRateSchedule kind, int step, double expected) =>
        Assert.Equal(expected, new LearningRates(kind, 1, 0.1, 10, 99).At(step), 12);

    [Theory]
    [InlineData(LearningRateSchedule.Constant)]
    [InlineData(LearningRateSchedule.Linear)]
    [InlineData(LearningRateSchedule.Cosine)]
    [InlineData(LearningRateSchedule.InverseSqrt)]
    public void The_warmup_rises_to_the_peak_and_then_nothing_rises(LearningRateSchedule kind)
    {
        var schedule = new LearningRates(kind, 2, 0.1, 10, 100);
        for (int step = 1; step <= 10; step++) Assert.Equal(2 * step / 10.0, schedule.At(step), 12);
        for (int step = 11; step <= 100; step++)
        {
            Assert.True(schedule.At(step) <= schedule.At(step - 1));
            Assert.True(schedule.At(step) >= 0.1);
        }
    }

    [Fact]
    public void Without_a_warmup_the_curve_starts_near_the_peak()
    {
        Assert.Equal(1, new LearningRates(LearningRateSchedule.InverseSqrt, 1, 0, 0, 100).At(1));
        Assert.InRange(new LearningRates(LearningRateSchedule.Cosine, 1, 0, 0, 100).At(1), 0.99, 1);
        Assert.Equal(0.5, new LearningRates(LearningRateSchedule.Linear, 1, 0, 0, 1).At(1));
    }
}
