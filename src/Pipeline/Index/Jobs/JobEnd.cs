using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>How a job ended.</summary>
/// <param name="State">A final state.</param>
public sealed record JobEnd(JobState State)
{
    /// <summary>The items' counts, or null where they aren't known.</summary>
    public ItemCounts? Items { get; init; }

    /// <summary>The fingerprint, where planning had no chance to enter it, or null: as it is.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What was found wrong with its inputs.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>What the user should know; they come after those that it has.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Its figures.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; init; } = [];

    /// <summary>An evaluation's cells.</summary>
    public IReadOnlyList<SweepPoint> SweepPoints { get; init; } = [];

    /// <summary>The speed that it was worked on with, for later estimates, or null.</summary>
    public SpeedSample? Speed { get; init; }
}

/// <summary>A measured speed.</summary>
/// <param name="ModelKey">What the speed depends on: the model's shape and the device, in a form that the caller chooses.</param>
/// <param name="Units">Work that was done, in the kind's unit (forward passes times tokens for samples); over 0.</param>
/// <param name="Seconds">The time that it took one worker; over 0.</param>
public sealed record SpeedSample(string ModelKey, double Units, double Seconds);

/// <summary>The speed of a kind of job with a model; a job weighs half of the one after it.</summary>
public sealed record SpeedRow
{
    /// <summary>Units of work a second of one worker.</summary>
    public required double UnitsPerSecond { get; init; }

    /// <summary>The number of jobs that it was measured over.</summary>
    public required long Jobs { get; init; }

    /// <summary>When the last of them ended.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
