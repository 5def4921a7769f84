using DiffusionBatch.Pipeline.Estimates;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>What a job is expected to take.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Items">Its items; absent where that isn't known.</param>
/// <param name="Units">Its work, in the kind's unit.</param>
/// <param name="UnitsPerSecond">The measured speed of one worker.</param>
/// <param name="Seconds">Seconds of one worker; absent where work or speed isn't known.</param>
/// <param name="Basis">What the estimate rests on, or why there is none.</param>
public sealed record EstimateView(string Name, string Kind, long? Items, double? Units, double? UnitsPerSecond, double? Seconds, string Basis)
{
    /// <summary>The view of an estimate.</summary>
    public static EstimateView Of(JobEstimate estimate)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        return new(estimate.Name, estimate.Kind, estimate.Items, estimate.Units, estimate.UnitsPerSecond, estimate.Seconds, estimate.Basis);
    }
}
