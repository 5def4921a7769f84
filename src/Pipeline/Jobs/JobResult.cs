using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>How a job's work ended.</summary>
/// <param name="State">A final state, or <see cref="JobState.Queued"/> where the work was interrupted.</param>
internal sealed record JobResult(JobState State)
{
    /// <summary>The items' counts, or null.</summary>
    public ItemCounts? Items { get; init; }

    /// <summary>The cells of a sampling job, or null.</summary>
    public IReadOnlyList<CellRecord>? Cells { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What was found wrong with its inputs.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What computed it (<see cref="IJobTasks.Kernels"/>), each once.</summary>
    public IReadOnlyList<string> Kernels { get; init; } = [];
}
