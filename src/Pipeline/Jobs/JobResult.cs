using System.Globalization;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
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

/// <summary>How a sample job whose results are all there ends.</summary>
internal static class SampleVerdict
{
    /// <summary>The end: item errors fail the job beyond its threshold.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="items">How its items fared.</param>
    /// <param name="errors">The errors by code, as <see cref="Results.ResultTally.Sentence"/> has them.</param>
    public static JobResult Of(SampleManifest manifest, ItemCounts items, string errors)
    {
        bool failed = items.Exceed(manifest.ErrorThreshold);
        string sentence = string.Create(CultureInfo.InvariantCulture, $"{items.Errored} of {items.Total} items have errors ({errors})");
        return new JobResult(failed ? JobState.Failed : items.Errored > 0 ? JobState.CompletedWithErrors : JobState.Completed)
        {
            Items = items,
            Error = failed
                ? string.Create(CultureInfo.InvariantCulture, $"{sentence}; errorThreshold allows {manifest.ErrorThreshold}.")
                : null,
            Warnings = items.Errored > 0 && !failed ? [sentence] : [],
        };
    }
}
