using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Planning;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>
/// The index as it is kept by one process that does all by itself: what the pipeline's submit, planner, worker and finalizer write is
/// written by their own operations, so that a job leaves the same rows either way. The files are what counts: an index that was lost is
/// made anew as jobs run again.
/// </summary>
/// <param name="path">The SQLite file.</param>
/// <param name="root">The storage root, which this process holds.</param>
/// <param name="time">The clock.</param>
/// <param name="before">Called before each change; tests stop the run there.</param>
internal sealed class LocalIndex(string path, string root, TimeProvider time, Action<string> before) : IAsyncDisposable
{
    // Whoever holds the root's lock holds its tasks: no lease of theirs is ever looked at.
    static readonly TimeSpan s_lease = TimeSpan.FromDays(7);

    readonly SqlPipelineIndex _index = new(new SqliteDialect(path), time) { Patience = TimeSpan.FromSeconds(10) };
    readonly FolderBlobStore _store = new(root, time);

    Estimator Estimator => new(_store, _index);

    /// <summary>Frees the jobs of processes that are gone: what they worked on is queued.</summary>
    public Task FreeAsync()
    {
        before("index");
        return _index.FreeLocalAsync();
    }

    /// <summary>Enters a manifest's jobs, unless a run of the same manifest entered them and has left them unfinished, or finished and unchanged.</summary>
    /// <returns>The jobs' ids by name.</returns>
    public async Task<IReadOnlyDictionary<string, string>> EnterAsync(JobManifest manifest, IReadOnlyList<PlannedJob> jobs)
    {
        Dictionary<string, PlannedJob> byName = jobs.ToDictionary(j => j.Manifest.Name, StringComparer.Ordinal);
        if (await _index.FindLocalAsync(ManifestWriter.Write(manifest)).ConfigureAwait(false) is { } found)
        {
            IReadOnlyList<JobRow> rows = found.Kind == JobKind.Pipeline ? await _index.ChildrenAsync(found.Id).ConfigureAwait(false) : [found];
            if (rows.All(row => Continues(row, byName[row.Name]))) return rows.ToDictionary(r => r.Name, r => r.Id, StringComparer.Ordinal);
        }
        Submission submission = await Submissions.OfAsync(manifest, Estimator, time, JobPriority.Normal, null, CancellationToken.None).ConfigureAwait(false);
        before("index");
        await _index.EnterLocalAsync(submission).ConfigureAwait(false);
        return submission.Jobs.Where(j => j.Kind != JobKind.Pipeline).ToDictionary(j => j.Name, j => j.Id, StringComparer.Ordinal);
    }

    /// <summary>A job's row.</summary>
    public async Task<JobRow> GetAsync(string job) => await _index.GetAsync(job).ConfigureAwait(false) ?? throw new InvalidOperationException($"There is no job {job}.");

    /// <summary>A job's tasks.</summary>
    public Task<IReadOnlyList<TaskRow>> TasksAsync(string job) => _index.TasksAsync(job);

    /// <summary>Plans a job, unless a run before did so.</summary>
    public async Task PlanAsync(string job, PlannedJob planned)
    {
        if ((await GetAsync(job).ConfigureAwait(false)).PlannedAt is not null) return;
        int plan = await ClaimPlanAsync(job).ConfigureAwait(false);
        await SaveHashesAsync(planned).ConfigureAwait(false);
        IReadOnlyList<TaskPlan> tasks = planned.Manifest is SampleManifest ? planned.Shards : [new TaskPlan(0, planned.Manifest.Kind)];
        foreach (TaskPlan[] some in tasks.Chunk(PlanRun.BatchSize)) await _index.AddTasksAsync(job, plan, some).ConfigureAwait(false);
        SampleManifest? sample = planned.Manifest as SampleManifest;
        long? items = sample is null ? null : planned.Inputs[sample.Input].Items;
        await _index.FinishPlanAsync(job, plan, new PlanOutcome
        {
            Fingerprint = planned.Fingerprint!.Value,
            Tasks = tasks.Count,
            ItemsTotal = items,
            InputEtag = sample is null ? null : (await _store.FindAsync(sample.Input, CancellationToken.None).ConfigureAwait(false))?.Tag,
            EstimateSeconds = (await Estimator.OfAsync(planned.Manifest, items, CancellationToken.None).ConfigureAwait(false)).Seconds,
        }).ConfigureAwait(false);
        await _index.TakeLocalMessagesAsync().ConfigureAwait(false);
    }

    /// <summary>Takes a task.</summary>
    public async Task<TaskRow> ClaimAsync(TaskKey task)
    {
        before("index");
        return (await _index.ClaimAsync(task, RootLock.Me, s_lease).ConfigureAwait(false)).Task ?? throw new InvalidOperationException($"Task {task} can't be taken: another program changed the index.");
    }

    /// <summary>Tells how far a task is.</summary>
    public Task TellAsync(TaskRow task, TaskProgress progress) => _index.RenewAsync(task.Key, task.Attempt, s_lease, TaskProgressRow.Of(progress));

    /// <summary>Ends a task with what it made.</summary>
    public async Task CommitAsync(TaskRow task, TaskCommit commit)
    {
        before("index");
        await _index.CommitAsync(task.Key, task.Attempt, commit).ConfigureAwait(false);
        await _index.TakeLocalMessagesAsync().ConfigureAwait(false);
    }

    /// <summary>Gives a job's tasks back: the run is interrupted.</summary>
    public Task GiveBackAsync(string job)
    {
        before("index");
        return _index.LetGoLocalAsync(job);
    }

    /// <summary>Ends a job whose tasks are done.</summary>
    public async Task FinishAsync(string job, WorkManifest manifest, JobResult result)
    {
        before("index");
        var end = new JobEnd(result.State) { Items = result.Items, Error = result.Error, Warnings = result.Warnings };
        await _index.FinishAsync(job, result.State.IsFinished() ? end with { Speed = await SpeedAsync(job, manifest).ConfigureAwait(false) } : end).ConfigureAwait(false);
        await _index.TakeLocalMessagesAsync().ConfigureAwait(false);
    }

    /// <summary>Fails a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="error">Why.</param>
    /// <param name="problems">What was found wrong with its inputs; none where it failed while it worked.</param>
    public async Task FailAsync(string job, string error, IReadOnlyList<Problem> problems)
    {
        JobRow row = await GetAsync(job).ConfigureAwait(false);
        if (row.State == JobState.Queued && row.PlannedAt is null) await ClaimPlanAsync(job).ConfigureAwait(false);
        before("index");
        TaskRow[] running = [.. (await TasksAsync(job).ConfigureAwait(false)).Where(t => t.State == TaskState.Running)];
        if (problems.Count == 0)
            foreach (TaskRow task in running) await _index.ReleaseAsync(task.Key, task.Attempt, TaskRelease.Failed(error, TimeSpan.Zero)).ConfigureAwait(false);
        await _index.TakeLocalMessagesAsync().ConfigureAwait(false);
        await _index.FinishAsync(job, new JobEnd(JobState.Failed) { Error = error, Problems = problems }).ConfigureAwait(false);
        foreach (TaskRow task in running) await _index.ReleaseAsync(task.Key, task.Attempt, TaskRelease.Stopped).ConfigureAwait(false);
        await _index.TakeLocalMessagesAsync().ConfigureAwait(false);
    }

    /// <summary>Ends a job whose output was there already, where the index doesn't know it.</summary>
    public async Task AdoptAsync(string job, PlannedJob planned, OutputManifest written)
    {
        JobRow row = await GetAsync(job).ConfigureAwait(false);
        if (row.State.IsFinal()) return;
        before("index");
        if (row.PlannedAt is null)
        {
            await ClaimPlanAsync(job).ConfigureAwait(false);
            await SaveHashesAsync(planned).ConfigureAwait(false);
        }
        else await _index.ResumeLocalAsync(job).ConfigureAwait(false);
        await _index.TakeLocalMessagesAsync().ConfigureAwait(false);
        // A run that was killed between its last file and this had measured its speed.
        bool isWhole = row.PlannedAt is not null && (await TasksAsync(job).ConfigureAwait(false)).All(t => t.State == TaskState.Completed);
        await _index.FinishAsync(job, new JobEnd(JobStates.Parse(written.State)!.Value)
        {
            Speed = isWhole ? await SpeedAsync(job, planned.Manifest).ConfigureAwait(false) : null,
            Items = written.Items,
            Fingerprint = written.Fingerprint,
            Warnings = written.Warnings ?? [],
        }).ConfigureAwait(false);
        await _index.TakeLocalMessagesAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _index.DisposeAsync();

    // Of what ended before, only an end that still stands goes on; what didn't end goes on where it is the same work.
    static bool Continues(JobRow row, PlannedJob job) => row.State.IsFinal()
        ? row.State.IsFinished() && job.Status == OutputStatus.Finished && row.Fingerprint == job.Fingerprint?.Value
        : row.Fingerprint.Length == 0 || job.Fingerprint is null || row.Fingerprint == job.Fingerprint.Value;

    async Task<int> ClaimPlanAsync(string job)
    {
        before("index");
        return await _index.ClaimLocalPlanAsync(job, Environment.MachineName, Planner.Lease).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"Job {job} can't be planned: another program changed the index.");
    }

    async Task SaveHashesAsync(PlannedJob planned)
    {
        foreach ((string file, string hash) in planned.Hashes)
            if (await _store.FindAsync(file, CancellationToken.None).ConfigureAwait(false) is { } entry) await _index.SaveHashAsync(file, entry.Tag, hash).ConfigureAwait(false);
    }

    async Task<SpeedSample?> SpeedAsync(string job, WorkManifest manifest)
    {
        double bytes = manifest is EvaluateManifest evaluate
            ? (await new RootContent(_store, _index).FilesAsync(evaluate.Predictions, CancellationToken.None).ConfigureAwait(false)).Sum(f => (double)f.Length) : 0;
        return new JobTally(manifest, await TasksAsync(job).ConfigureAwait(false)).Speed(await ModelShape.OfAsync(_store, manifest, CancellationToken.None).ConfigureAwait(false), bytes);
    }
}
