using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Planning;

/// <summary>
/// Claims a job's output folder: whoever creates <c>OUTPUT/manifest.json</c> makes the folder belong to one fingerprint.
/// What the same fingerprint left there counts; anything else is refused, or replaced where the manifest says so.
/// </summary>
internal sealed class OutputClaim(IBlobStore store, IJobIndex index, TimeProvider time)
{
    /// <summary>Claims.</summary>
    /// <returns>The folder's manifest where all of the job's output is there already; else null: the job is to be worked on.</returns>
    /// <exception cref="ProblemsException">The folder is another's.</exception>
    public async Task<OutputManifest?> TakeAsync(JobRow job, WorkManifest manifest, Fingerprint fingerprint, long items,
        CancellationToken cancellationToken)
    {
        string name = $"{manifest.Output}/{OutputManifest.FileName}";
        while (true)
        {
            (OutputManifest? written, string? tag) = await store.ReadOutputAsync(manifest.Output, cancellationToken);
            HashSet<string> files = await FilesAsync(manifest.Output, cancellationToken);
            IReadOnlyList<string> changed = [];
            OutputStatus status = files.Count == 0 ? OutputStatus.New
                : OutputFolder.Judge(manifest, written, fingerprint, fingerprint.Sources, () => HasAll(manifest, files, items),
                    out changed);
            if (status == OutputStatus.Foreign) throw Refused(OutputFolder.Refusal(manifest.Output, changed) + OfSchedule(job));
            if (status == OutputStatus.Finished) return written;
            if (status == OutputStatus.Replaceable)
            {
                await DemandIdleAsync(job, manifest.Output, written, cancellationToken);
                await store.DeleteAllAsync(manifest.Output + "/", cancellationToken);
                (written, tag) = (null, null);
            }
            byte[] claim = new OutputManifest
            {
                Fingerprint = fingerprint.Value,
                Kind = EnumText.Of(manifest.Kind),
                State = JobState.Running.Name(),
                StartedAt = written?.StartedAt ?? time.GetUtcNow(),
                Items = written?.Items,
                Cells = written?.Cells,
                Sources = fingerprint.Sources,
                Job = job.Id,
            }.ToJson();
            BlobWrite write = await store.WriteAsync(name, claim, tag is null ? BlobCondition.Absent : BlobCondition.Matches(tag),
                cancellationToken);
            // Another was faster: look again whose it is now.
            if (write.Succeeded) return null;
        }
    }

    async Task<HashSet<string>> FilesAsync(string output, CancellationToken cancellationToken)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        await foreach (BlobEntry entry in store.ListAsync(output + "/", cancellationToken)) files.Add(entry.Name[(output.Length + 1)..]);
        return files;
    }

    // Its workers would go on writing parts into a folder that isn't theirs any more.
    async Task DemandIdleAsync(JobRow job, string output, OutputManifest? written, CancellationToken cancellationToken)
    {
        if (written?.Job is not { } other || other == job.Id) return;
        if (await index.GetAsync(other, cancellationToken) is { } owner && !owner.State.IsFinal())
            throw Refused($"{output} is being written by {other}, which is {owner.State.Name()}: cancel that job, or wait for its end");
    }

    static bool HasAll(WorkManifest manifest, HashSet<string> files, long items)
    {
        if (manifest is not SampleManifest sample) return manifest is EvaluateManifest ? files.Contains("report.json") : files.Count > 1;
        var layout = ResultLayout.Of("", sample, items);
        return Enumerable.Range(0, layout.Cells.Count).All(cell => Enumerable.Range(0, layout.Parts).All(part =>
            files.Contains(layout.PartName(cell, part))
                && layout.Files[cell].All(file => files.Contains(layout.NameBeside(cell, part, file)))));
    }

    static string OfSchedule(JobRow job) => job.Schedule is null ? ""
        : $"; the job is a run of the schedule {job.Schedule}: put {{date}}, {{time}} or {{run}} into the template's outputs, so that "
            + $"each run has its own";

    static ProblemsException Refused(string message) => new(new Problem("manifest", "/output", null, null, message));
}
