using DiffusionBatch.Pipeline.Cells;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>Tells whose an output folder is, and clears it where that is allowed.</summary>
internal static class OutputFolder
{
    /// <summary>The folder under the root for what replaced outputs leave until it is deleted.</summary>
    const string Trash = ".dbatch-trash";

    /// <summary>Looks at a job's output folder.</summary>
    /// <param name="root">The storage root.</param>
    /// <param name="job">The job.</param>
    /// <param name="known">The sources of its fingerprint that are known: all of them, where it has its fingerprint.</param>
    /// <param name="changed">What differs from the job that the folder belongs to, as far as it can be told.</param>
    public static OutputStatus Look(string root, PlannedJob job, IReadOnlyDictionary<string, string> known, out IReadOnlyList<string> changed)
    {
        changed = [];
        string folder = Path.Combine(root, job.Manifest.Output);
        if (File.Exists(folder)) return OutputStatus.Foreign;
        if (!Directory.Exists(folder) || IsEmpty(folder)) return OutputStatus.New;
        return Judge(job.Manifest, OutputManifest.Read(folder), job.Fingerprint, known, () => HasAll(folder, job), out changed);
    }

    /// <summary>Tells whose an output that isn't empty is.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="written">The output's own manifest, or null.</param>
    /// <param name="fingerprint">The job's fingerprint, where it is known.</param>
    /// <param name="known">The sources of it that are known.</param>
    /// <param name="hasAll">Whether all files of a finished output are there.</param>
    /// <param name="changed">What differs from the job that the output belongs to, as far as it can be told.</param>
    public static OutputStatus Judge(
        WorkManifest manifest, OutputManifest? written, Fingerprint? fingerprint, IReadOnlyDictionary<string, string> known, Func<bool> hasAll, out IReadOnlyList<string> changed)
    {
        changed = [];
        OutputStatus foreign = manifest.Overwrite ? OutputStatus.Replaceable : OutputStatus.Foreign;
        if (written is null) return foreign;
        changed = Fingerprint.Differences(written.Sources ?? new Dictionary<string, string>(), known);
        if (fingerprint is null) return changed.Count == 0 ? OutputStatus.Unknown : foreign;
        if (written.Fingerprint != fingerprint.Value) return foreign;
        return JobStates.Parse(written.State) is { } state && state.IsFinished() && hasAll() ? OutputStatus.Finished : OutputStatus.Unfinished;
    }

    /// <summary>Says why an output can't be written.</summary>
    public static string Refusal(string output, IReadOnlyList<string> changed) => changed.Count == 0
        ? $"{output} holds files that no job with this manifest wrote; say \"overwrite\": true to replace them, or choose another output"
        : $"{output} holds the output of another job, which differs in {string.Join(", ", changed.Select(c => c == Fingerprint.ManifestSource ? "the manifest" : $"the content of {c}"))}; "
            + "say \"overwrite\": true to replace it, or choose another output";

    /// <summary>Says why the output of a job that isn't finished can't be read; null where it is finished.</summary>
    /// <param name="at">Where the output is.</param>
    /// <param name="written">Its own manifest.</param>
    public static string? Unfinished(string at, OutputManifest written) =>
        JobStates.Parse(written.State) is { } state && !state.IsFinished() ? $"{at} is the output of a job that is {state.Name()}: run that job to its end first" : null;

    /// <summary>Moves a folder out of the way in one step, then deletes it.</summary>
    public static void Remove(string root, string folder)
    {
        string trash = Path.Combine(root, Trash);
        Directory.CreateDirectory(trash);
        Directory.Move(folder, Path.Combine(trash, Guid.CreateVersion7().ToString("N")));
        EmptyTrash(root);
    }

    /// <summary>Deletes what a run that was killed while it replaced something has left.</summary>
    public static void EmptyTrash(string root)
    {
        string trash = Path.Combine(root, Trash);
        if (Directory.Exists(trash)) Directory.Delete(trash, recursive: true);
    }

    /// <summary>The layout of a sampling job's output.</summary>
    public static ResultLayout Layout(string folder, PlannedJob job)
    {
        var sample = (SampleManifest)job.Manifest;
        return new ResultLayout(folder, [.. SweepPlan.Expand(sample).Select(c => c.Name)], job.Inputs[sample.Input].Items, sample.ShardSize, sample.Trace);
    }

    // A run that was killed while it wrote the very first file may have left the half of it.
    static bool IsEmpty(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).All(e => Path.GetFileName(e) == OutputManifest.FileName + ".tmp");

    static bool HasAll(string folder, PlannedJob job) => job.Manifest switch
    {
        SampleManifest => Layout(folder, job).IsComplete(),
        EvaluateManifest => File.Exists(Path.Combine(folder, "report.json")),
        _ => Directory.EnumerateFiles(folder).Count() > 1,
    };
}
