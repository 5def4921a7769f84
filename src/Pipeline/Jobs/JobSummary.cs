using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>What became of one job in a run.</summary>
/// <param name="Name">The job's name.</param>
/// <param name="Kind"><c>finetune</c>, <c>sample</c> or <c>evaluate</c>.</param>
/// <param name="State">The state that it is in now; <see cref="JobState.Queued"/> or <see cref="JobState.Blocked"/> where the run was interrupted.</param>
/// <param name="Output">Its output folder, relative to the root.</param>
public sealed record JobSummary(string Name, string Kind, JobState State, string Output)
{
    /// <summary>The job's fingerprint, or null where it wasn't reached.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>True where it had been finished before and nothing was done.</summary>
    public bool Unchanged { get; init; }

    /// <summary>The items' counts (training pairs, input lines, scored items), or null.</summary>
    public ItemCounts? Items { get; init; }

    /// <summary>Why it failed, in a sentence, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What was found wrong with its inputs once they could be read.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>What the user should know although the job went on.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How long this run worked on it.</summary>
    public TimeSpan Elapsed { get; init; }
}
