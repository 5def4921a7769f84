namespace DiffusionBatch.Functions.Jobs;

/// <summary>What a manifest's jobs are expected to take.</summary>
/// <param name="Jobs">The jobs, in an order in which they can run.</param>
/// <param name="Seconds">Seconds of one worker for all of them; absent where one isn't known.</param>
public sealed record EstimatesView(IReadOnlyList<EstimateView> Jobs, double? Seconds);
