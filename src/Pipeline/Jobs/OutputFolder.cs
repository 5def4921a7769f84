using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>Whom an output folder belongs to, by the manifest in it.</summary>
internal static class OutputFolder
{
    /// <summary>Whether an output folder that isn't empty is this job's, another's, or nobody's.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="written">The output's own manifest, or null.</param>
    /// <param name="fingerprint">The job's fingerprint, where it is known.</param>
    /// <param name="known">The sources of it that are known.</param>
    /// <param name="hasAll">Whether all files of a finished output are there.</param>
    /// <param name="changed">What differs from the job that the output belongs to, as far as it can be told.</param>
    public static OutputStatus Judge(
        WorkManifest manifest, OutputManifest? written, Fingerprint? fingerprint, IReadOnlyDictionary<string, string> known,
        Func<bool> hasAll, out IReadOnlyList<string> changed)
    {
        changed = [];
        OutputStatus foreign = manifest.Overwrite ? OutputStatus.Replaceable : OutputStatus.Foreign;
        if (written is null) return foreign;
        changed = Fingerprint.Differences(written.Sources ?? new Dictionary<string, string>(), known);
        if (fingerprint is null) return changed.Count == 0 ? OutputStatus.Unknown : foreign;
        if (written.Fingerprint != fingerprint.Value) return foreign;
        return JobStates.Parse(written.State) is { } state && state.IsFinished() && hasAll()
            ? OutputStatus.Finished
            : OutputStatus.Unfinished;
    }

    /// <summary>Says why an output can't be written.</summary>
    public static string Refusal(string output, IReadOnlyList<string> changed) => changed.Count == 0
        ? $"{output} holds files that no job with this manifest wrote; say \"overwrite\": true to replace them, or choose another output"
        : $"{output} holds the output of another job, which differs "
            + $"in {string.Join(", ", changed.Select(c => c == Fingerprint.ManifestSource ? "the manifest" : $"the content of {c}"))}; "
            + "say \"overwrite\": true to replace it, or choose another output";

    /// <summary>Says why the output of a job that isn't finished can't be read; null where it is finished.</summary>
    /// <param name="at">Where the output is.</param>
    /// <param name="written">Its own manifest.</param>
    public static string? Unfinished(string at, OutputManifest written) =>
        JobStates.Parse(written.State) is { } state && !state.IsFinished()
            ? $"{at} is the output of a job that is {state.Name()}: run that job to its end first"
            : null;
}

/// <summary>What stands in a job's output folder before it runs.</summary>
internal enum OutputStatus
{
    /// <summary>Nothing.</summary>
    New,

    /// <summary>Not to be told before another job has run.</summary>
    Unknown,

    /// <summary>Something of this very job that isn't finished.</summary>
    Unfinished,

    /// <summary>All of this very job's output.</summary>
    Finished,

    /// <summary>Something else, that the manifest allows to be replaced.</summary>
    Replaceable,

    /// <summary>Something else.</summary>
    Foreign,
}
