using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>How a run ended.</summary>
/// <param name="Verdict">The end in a word.</param>
/// <param name="Jobs">Each job, in the order in which they ran.</param>
/// <param name="Problems">With <see cref="JobVerdict.BadInput"/>: all that is wrong.</param>
/// <param name="Error">Why the run as a whole couldn't go on (another process holds the root), or null.</param>
public sealed record JobOutcome(
    JobVerdict Verdict,
    IReadOnlyList<JobSummary> Jobs,
    IReadOnlyList<Problem> Problems,
    string? Error = null);

/// <summary>How a run of a manifest ended, as the command line's exit codes tell it apart.</summary>
public enum JobVerdict
{
    /// <summary>All jobs are finished, each item with a result.</summary>
    Done,

    /// <summary>All jobs are finished; some items have errors, below their jobs' thresholds.</summary>
    DoneWithErrors,

    /// <summary>A job failed.</summary>
    Failed,

    /// <summary>The manifest, an input or a checkpoint is wrong; nothing was written.</summary>
    BadInput,

    /// <summary>Stopped on request; the same command goes on from here.</summary>
    Interrupted,
}

/// <summary>What became of one job in a run.</summary>
/// <param name="Name">The job's name.</param>
/// <param name="Kind"><c>finetune</c>, <c>sample</c> or <c>evaluate</c>.</param>
/// <param name="State">The state that it is in now; <see cref="JobState.Queued"/> or <see cref="JobState.Blocked"/> where the run was
/// interrupted.</param>
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
