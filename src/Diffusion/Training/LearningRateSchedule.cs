namespace DiffusionBatch.Diffusion.Training;

/// <summary>The learning rate of each step.</summary>
/// <param name="Kind">The curve after the warmup.</param>
/// <param name="Peak">The highest rate, reached with the last warmup step.</param>
/// <param name="Minimum">The lowest rate after the warmup; lines and cosines would reach it with the step after the last.</param>
/// <param name="WarmupSteps">Steps in which the rate rises in a straight line from Peak / WarmupSteps.</param>
/// <param name="Steps">All steps, the warmup included.</param>
public sealed record LearningRateSchedule(ScheduleKind Kind, double Peak, double Minimum, int WarmupSteps, int Steps)
{
    /// <summary>The rate of a step, counted from 1.</summary>
    public double At(long step)
    {
        if (step <= WarmupSteps) return Peak * step / WarmupSteps;
        double progress = Math.Min(1, (double)(step - WarmupSteps) / (Steps - WarmupSteps + 1));
        return Kind switch
        {
            ScheduleKind.Constant => Peak,
            ScheduleKind.Linear => Peak + (Minimum - Peak) * progress,
            ScheduleKind.Cosine => Minimum + (Peak - Minimum) * 0.5 * (1 + Math.Cos(Math.PI * progress)),
            ScheduleKind.InverseSqrt => Math.Max(Minimum, Peak * Math.Sqrt(Math.Max(WarmupSteps, 1) / (double)step)),
            _ => throw new InvalidOperationException($"Unknown schedule {Kind}."),
        };
    }
}
