using System.Globalization;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>A finetune that can't be run as asked, with everything that is wrong with it at once.</summary>
public class FinetuneException(IReadOnlyList<string> problems) : Exception(string.Join("\n", problems))
{
    /// <summary>All problems, at least one.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>
/// A training run whose loss, gradient or weights are not finite numbers any more. Its work folder holds the last checkpoint before
/// that; run again as it is, it comes to the same end.
/// </summary>
/// <param name="what">What isn't finite, in a few words.</param>
/// <param name="step">The step, counted from 1; 0: before the first.</param>
/// <param name="advice">What to change.</param>
/// <param name="checkpoint">The step of the last checkpoint; 0 where there is none.</param>
public sealed class DivergedException(string what, long step, string advice, long checkpoint) : FinetuneException(
    [string.Create(CultureInfo.InvariantCulture, $"{Code}: {what} at step {step}; {advice}. {Kept(checkpoint)}.")])
{
    /// <summary>What the message begins with.</summary>
    public const string Code = "trainingDiverged";

    /// <summary>The step.</summary>
    public long Step => step;

    /// <summary>The step of the last checkpoint; 0 where there is none.</summary>
    public long Checkpoint => checkpoint;

    static string Kept(long checkpoint) => checkpoint > 0
        ? string.Create(CultureInfo.InvariantCulture, $"The last good checkpoint, of step {checkpoint}, is kept")
        : "There was no checkpoint before it";
}
