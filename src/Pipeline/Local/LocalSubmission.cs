using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Submitting;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>
/// Enters a manifest's jobs into the index, or finds those of an earlier run of the same manifest that can go on: interrupted,
/// killed, or failed by something that has passed since.
/// </summary>
/// <param name="root">The storage root.</param>
/// <param name="jobs">The manifest's jobs, checked.</param>
/// <param name="index">The index.</param>
/// <param name="estimator">Says what jobs are expected to take.</param>
/// <param name="finalizer">Ends jobs.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalSubmission(string root, IReadOnlyList<PlannedJob> jobs, IJobIndex index, Estimator estimator,
    Finalizer finalizer, TimeProvider time)
{
    static readonly JobState[] s_open = [JobState.Queued, JobState.Blocked, JobState.Running, JobState.Cancelling];

    /// <summary>Enters or finds the jobs.</summary>
    /// <returns>Their ids by their names, and whether they are an earlier run's.</returns>
    public async Task<(IReadOnlyDictionary<string, string> Ids, bool GoOn)> EnterAsync(JobManifest manifest)
    {
        if (await FindAsync(manifest, ManifestWriter.Write(manifest)) is { } found && await GoOnAsync(found)) return (Ids(found), true);
        await CancelOthersAsync();
        foreach (PlannedJob job in jobs) LocalOutput.DropTorn(root, job);
        Submission submission = await Submissions.OfAsync(manifest, estimator, time, JobPriority.Normal, null, CancellationToken.None);
        return (Ids(await FamilyAsync((await index.SubmitAsync(submission)).Job)), false);
    }

    static Dictionary<string, string> Ids(IEnumerable<JobRow> rows) => rows.ToDictionary(r => r.Name, r => r.Id, StringComparer.Ordinal);

    async Task<IReadOnlyList<JobRow>> FamilyAsync(JobRow job) => job.Kind == JobKind.Pipeline ? await index.ChildrenAsync(job.Id) : [job];

    async Task<IReadOnlyList<JobRow>?> FindAsync(JobManifest manifest, string text)
    {
        const int Newest = 50;
        JobPage page = await index.ListAsync(new JobFilter { Name = manifest.Name }, null, Newest);
        return page.Jobs.FirstOrDefault(j => j.Manifest == text) is { } job ? await FamilyAsync(job) : null;
    }

    // Each job has to be where its files say that it is; one that isn't makes all of them begin anew, from the files.
    async Task<bool> GoOnAsync(IReadOnlyList<JobRow> rows)
    {
        Dictionary<string, PlannedJob> planned = jobs.ToDictionary(j => j.Manifest.Name, StringComparer.Ordinal);
        foreach (JobRow row in rows)
            if (!await IsAsItsFilesAsync(row, planned[row.Name])) return false;
        foreach (JobRow row in rows.Where(r => r.State == JobState.Failed && r.PlannedAt is not null))
            if (!await index.RetryAsync(row.Id)) return false;
        return rows.Any(r => !r.State.IsFinished());
    }

    async Task<bool> IsAsItsFilesAsync(JobRow row, PlannedJob job)
    {
        bool isSame = job.Fingerprint?.Value == row.Fingerprint;
        return row.State switch
        {
            JobState.Completed or JobState.CompletedWithErrors => isSame && job.Status == OutputStatus.Finished,
            JobState.Cancelling or JobState.Cancelled or JobState.Expired => false,
            // It fell with one that it needs.
            JobState.Failed when row.PlanAttempt == 0 => true,
            _ when row.PlannedAt is null => row.State != JobState.Failed,
            // The folder may say already that the job is finished, where the index was still to be told.
            _ => isSame && job.Status is (OutputStatus.Unfinished or OutputStatus.Finished)
                && (await index.ArtifactsAsync(row.Id)).All(IsThere),
        };
    }

    bool IsThere(ArtifactRow artifact)
    {
        var file = new FileInfo(Path.Combine(root, artifact.Path));
        return file.Exists && file.Length == artifact.Bytes;
    }

    // What other manifests, or earlier forms of this one, had begun in these outputs is given up for it.
    async Task CancelOthersAsync()
    {
        HashSet<string> outputs = [.. jobs.Select(j => j.Manifest.Output)];
        string? cursor = null;
        do
        {
            JobPage page = await index.ListAsync(new JobFilter { States = s_open, Children = true }, cursor, 1000);
            foreach (JobRow row in page.Jobs.Where(r => outputs.Contains(r.Output)))
                if (await index.CancelAsync(row.Id) == CancelOutcome.Cancelling)
                    await finalizer.FinalizeAsync(row.Id, CancellationToken.None);
            cursor = page.Next;
        }
        while (cursor is not null);
    }
}
