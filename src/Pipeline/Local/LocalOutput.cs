using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>Looks at output folders on this machine's disk.</summary>
internal static class LocalOutput
{
    /// <summary>What stands in a job's output folder.</summary>
    /// <param name="root">The storage root.</param>
    /// <param name="job">The job.</param>
    /// <param name="known">The sources of its fingerprint that are known: all of them, where it has its fingerprint.</param>
    /// <param name="changed">What differs from the job that the folder belongs to, as far as it can be told.</param>
    public static OutputStatus Look(string root, PlannedJob job, IReadOnlyDictionary<string, string> known,
        out IReadOnlyList<string> changed)
    {
        changed = [];
        string folder = Path.Combine(root, job.Manifest.Output);
        if (File.Exists(folder)) return OutputStatus.Foreign;
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()) return OutputStatus.New;
        return OutputFolder.Judge(job.Manifest, OutputManifest.Read(folder), job.Fingerprint, known, () => HasAll(folder, job),
            out changed);
    }

    /// <summary>Deletes parts of an unfinished sample that aren't whole: something else than a job has touched them.</summary>
    public static void DropTorn(string root, PlannedJob job)
    {
        if (job.Status != OutputStatus.Unfinished || job.Manifest is not SampleManifest sample) return;
        ResultLayout layout = Layout(Path.Combine(root, sample.Output), job, sample);
        for (int cell = 0; cell < layout.Cells.Count; cell++)
            for (int part = 0; part < layout.Parts; part++)
                if (File.Exists(layout.PartFile(cell, part)) && PartScan.Read(layout.PartFile(cell, part))?.Lines != layout.PartSize(part))
                    File.Delete(layout.PartFile(cell, part));
    }

    static ResultLayout Layout(string folder, PlannedJob job, SampleManifest sample) =>
        ResultLayout.Of(folder, sample, job.Inputs[sample.Input].Items);

    static bool HasAll(string folder, PlannedJob job) => job.Manifest switch
    {
        SampleManifest sample => Layout(folder, job, sample).IsComplete(),
        EvaluateManifest => File.Exists(Path.Combine(folder, "report.json")),
        _ => Directory.EnumerateFiles(folder).Count() > 1,
    };
}
