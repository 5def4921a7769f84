namespace DiffusionBatch.Contracts;

/// <summary>The answer to a manifest without problems.</summary>
/// <param name="Valid">True.</param>
public sealed record ValidationView(bool Valid);

/// <summary>What a manifest's jobs are expected to take.</summary>
/// <param name="Jobs">The jobs, in an order in which they can run.</param>
/// <param name="Seconds">Seconds of one worker for all of them; absent where one isn't known.</param>
public sealed record EstimatesView(IReadOnlyList<EstimateView> Jobs, double? Seconds);

/// <summary>What a job is expected to take.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Items">Its items; absent where that isn't known.</param>
/// <param name="Units">Its work, in the kind's unit.</param>
/// <param name="UnitsPerSecond">The measured speed of one worker.</param>
/// <param name="Seconds">Seconds of one worker; absent where work or speed isn't known.</param>
/// <param name="Basis">What the estimate rests on, or why there is none.</param>
public sealed record EstimateView(string Name, string Kind, long? Items, double? Units, double? UnitsPerSecond, double? Seconds,
    string Basis);
