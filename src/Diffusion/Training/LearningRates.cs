using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>The learning rate of each step.</summary>
/// <param name="Kind">The curve after the warmup.</param>
/// <param name="Peak">The highest rate, reached with the last warmup step.</param>
/// <param name="Minimum">The lowest rate after the warmup; lines and cosines would reach it with the step after the last.</param>
/// <param name="WarmupSteps">Steps in which the rate rises in a straight line from Peak / WarmupSteps.</param>
/// <param name="Steps">All steps, the warmup included.</param>
public sealed record LearningRates(LearningRateSchedule Kind, double Peak, double Minimum, int WarmupSteps, int Steps)
{
    /// <summary>Those of a training.</summary>
    public static LearningRates Of(TrainingSettings settings) =>
        new(settings.Schedule, settings.LearningRate, settings.MinLearningRate, settings.EffectiveWarmupSteps, settings.Steps);

    /// <summary>The rate of a step, counted from 1.</summary>
    public double At(long step)
    {
        if (step <= WarmupSteps) return Peak * step / WarmupSteps;
        double progress = Math.Min(1, (double)(step - WarmupSteps) / (Steps - WarmupSteps + 1));
        return Kind switch
        {
            LearningRateSchedule.Constant => Peak,
            LearningRateSchedule.Linear => Peak + (Minimum - Peak) * progress,
            LearningRateSchedule.Cosine => Minimum + (Peak - Minimum) * 0.5 * (1 + Math.Cos(Math.PI * progress)),
            LearningRateSchedule.InverseSqrt => Math.Max(Minimum, Peak * Math.Sqrt(Math.Max(WarmupSteps, 1) / (double)step)),
            _ => throw new InvalidOperationException($"Unknown schedule {Kind}."),
        };
    }
}
