namespace DiffusionBatch.Pipeline.Index;

/// <summary>What was found out once and need not be again.</summary>
public interface ICacheIndex
{
    /// <summary>The measured speed of a kind of job with a model, or null.</summary>
    Task<SpeedRow?> SpeedAsync(string kind, string modelKey, CancellationToken cancellationToken = default);

    /// <summary>The SHA-256 of a file in that version, in lower-case hexadecimal, if it was kept; else null.</summary>
    Task<string?> HashAsync(string path, string etag, CancellationToken cancellationToken = default);

    /// <summary>Keeps the SHA-256 of a file in a version.</summary>
    Task SaveHashAsync(string path, string etag, string sha256, CancellationToken cancellationToken = default);
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
