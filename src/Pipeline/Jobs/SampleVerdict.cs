using System.Globalization;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Jobs;

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
            Error = failed ? string.Create(CultureInfo.InvariantCulture, $"{sentence}; errorThreshold allows {manifest.ErrorThreshold}.") : null,
            Warnings = items.Errored > 0 && !failed ? [sentence] : [],
        };
    }
}
