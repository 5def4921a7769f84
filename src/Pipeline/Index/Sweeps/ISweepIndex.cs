using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The sweeps of finished evaluations.</summary>
public interface ISweepIndex
{
    /// <summary>The cells of finished evaluations, those of the newest first; each evaluation's in the order of steps.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">The most cells, at least 1.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<SweepCell>> ListAsync(SweepFilter filter, int limit, CancellationToken cancellationToken = default);
}

/// <summary>Which cells of finished evaluations a list shows.</summary>
public sealed record SweepFilter
{
    /// <summary>One evaluate job's id, or any.</summary>
    public string? JobId { get; init; }

    /// <summary>The evaluate jobs' name, exactly, or any.</summary>
    public string? Name { get; init; }

    /// <summary>The one metric whose scores are wanted, or null: all.</summary>
    public string? Metric { get; init; }
}

/// <summary>A cell of a finished evaluation: its place in the sweep, its cost and its scores.</summary>
/// <param name="JobId">The evaluate job.</param>
/// <param name="Name">Its name.</param>
/// <param name="Output">Its output folder.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Point">Place and cost.</param>
/// <param name="Metrics">The scores.</param>
public sealed record SweepCell(string JobId, string Name, string Output, DateTimeOffset FinishedAt, SweepPoint Point,
    IReadOnlyList<MetricValue> Metrics);
