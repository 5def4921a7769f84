using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Planning;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;
using DiffusionBatch.Pipeline.Working;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>
/// The pipeline in one process on a folder: its store, queues in memory, the SQLite index, planner, finalizer and one worker. It
/// works on the jobs of one manifest; what other manifests have left in the index waits for theirs. Whoever makes one has the
/// root alone (<see cref="RootLock"/>).
/// </summary>
internal sealed class FolderPipeline : IAsyncDisposable
{
    /// <summary>The index's file in the root.</summary>
    public const string IndexName = "dbatch.db";

    const int LooksToFollow = 20;

    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10), s_save = TimeSpan.FromSeconds(2);

    readonly string _root;
    readonly IReadOnlyList<PlannedJob> _jobs;
    readonly TimeProvider _time;
    readonly IProgress<JobProgress>? _listener;
    readonly IBlobStore _store;
    readonly IPipelineIndex _index;
    readonly PipelineQueues _queues;
    readonly OutboxRelay _relay;
    readonly Estimator _estimator;
    readonly Finalizer _finalizer;
    readonly ControlHandler _control;
    readonly Worker _worker;
    readonly LocalProgress _progress;
    readonly Dictionary<string, ProgressReporter> _reporters = new(StringComparer.Ordinal);
    readonly Dictionary<string, JobSummary> _ends = new(StringComparer.Ordinal);
    readonly HashSet<string> _own = new(StringComparer.Ordinal), _counted = new(StringComparer.Ordinal);

    public FolderPipeline(string root, IJobTasks tasks, IReadOnlyList<PlannedJob> jobs, JobRunnerOptions options,
        IProgress<JobProgress>? listener)
    {
        (_root, _jobs, _time, _listener) = (root, jobs, options.Time, listener);
        _progress = new LocalProgress(_time);
        _store = options.Store(new FolderBlobStore(root, _time));
        _index = options.Index(new SqlPipelineIndex(new SqliteDialect(Path.Combine(root, IndexName)), _time) { TakesTurns = false });
        // What the index holds of other manifests' jobs isn't this run's to work on.
        _queues = PipelineQueues.Of(_ => new OwnQueue(new MemoryWorkQueue(_time), _own));
        _estimator = new Estimator(_store, _index.Caches);
        _finalizer = new Finalizer(_store, _index, _time, NullLogger<Finalizer>.Instance);
        _relay = new OutboxRelay(_store, _index.Outbox, _queues, _time, NullLogger<OutboxRelay>.Instance);
        _control = new ControlHandler(
            new Planner(_store, _index, _finalizer, _estimator, _time, NullLogger<Planner>.Instance), _finalizer, _relay,
            NullLogger<ControlHandler>.Instance);
        var working = new WorkerOptions
        {
            Name = RootLock.Me,
            Folder = Path.Combine(root, Roots.RootNames.Internal, "worker"),
            Poll = s_look,
            LongestPoll = s_look,
            CheckpointEvery = s_save,
            MaxFailures = 1,
            Observer = _progress.Observe,
            // A full disk is no item's fault, and whoever runs a manifest by hand wants to hear of it.
            FailsJob = (task, e) => task.Kind != JobKind.Sample || e is IOException or UnauthorizedAccessException,
        };
        _worker = new Worker(_store, _index, _queues, _finalizer, _relay, new CheckedTasks(tasks, jobs), Options.Create(working), _time,
            NullLogger<Worker>.Instance);
    }

    /// <summary>Works on the jobs until all have ended, or the run is cancelled.</summary>
    /// <returns>What became of each, in the plan's order.</returns>
    public async Task<IReadOnlyList<JobSummary>> RunAsync(JobManifest manifest, CancellationToken cancellationToken)
    {
        FolderStoreFiles.DropLeases(_root);
        await _index.Upkeep.TakeOverAsync(CancellationToken.None);
        if (await AreUnchangedAsync()) return [.. _jobs.Select(Unchanged)];
        foreach ((string file, string hash) in _jobs.SelectMany(j => j.Hashes))
            if (await _store.FindAsync(file, cancellationToken) is { } entry)
                await _index.Caches.SaveHashAsync(file, entry.Tag, hash, cancellationToken);
        var submission = new LocalSubmission(_root, _jobs, _index.Jobs, _estimator, _finalizer, _time);
        (IReadOnlyDictionary<string, string> ids, bool goOn) = await submission.EnterAsync(manifest);
        _own.UnionWith(ids.Values);
        if (goOn)
        {
            foreach (string id in ids.Values) await _finalizer.FinalizeAsync(id, CancellationToken.None);
            await _index.Upkeep.AdvanceBlockedAsync(CancellationToken.None);
            await _index.Upkeep.ResendAsync(TimeSpan.Zero, CancellationToken.None);
        }
        await _relay.RunOnceAsync(CancellationToken.None);
        await WorkAsync(ids, cancellationToken);
        return await EndAsync(ids);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _index.DisposeAsync();

    // All that the manifest asks for is there, and the index knows it.
    async Task<bool> AreUnchangedAsync()
    {
        foreach (PlannedJob job in _jobs)
            if (job.Status != OutputStatus.Finished || !await _index.Jobs.HasFinishedAsync(job.Manifest.Output, job.Fingerprint!.Value))
                return false;
        return true;
    }

    JobSummary Unchanged(PlannedJob job)
    {
        OutputManifest written = OutputManifest.Read(Path.Combine(_root, job.Manifest.Output))!;
        JobState state = JobStates.Parse(written.State)!.Value;
        var reporter = new ProgressReporter(job, _listener, _time);
        reporter.State(state, "finished before, nothing has changed");
        return new JobSummary(job.Manifest.Name, job.Kind, state, job.Manifest.Output)
        {
            Fingerprint = written.Fingerprint,
            Unchanged = true,
            Items = written.Items,
            Warnings = written.Warnings ?? [],
            Elapsed = reporter.Elapsed,
        };
    }

    async Task WorkAsync(IReadOnlyDictionary<string, string> ids, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task working = Task.Run(() => _worker.RunAsync(stop.Token), CancellationToken.None);
        try
        {
            for (int looks = 0; !cancellationToken.IsCancellationRequested && !working.IsCompleted; looks++)
            {
                bool moved = await ControlAsync(cancellationToken);
                if (looks % LooksToFollow == 0)
                {
                    // What the relay's timer is for: a message that was written while another thread was just done sending.
                    await _relay.RunOnceAsync(cancellationToken);
                    moved = true;
                }
                // Jobs move with messages; that a task has failed its job is seen a little later.
                if (moved && await FollowAsync(ids)) break;
                if (!moved) await Task.Delay(s_look, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was begun is given back below, and taken up by the next run.
        }
        finally
        {
            await stop.CancelAsync();
            await working;
        }
    }

    // What the functions of the control queue do in Azure.
    async Task<bool> ControlAsync(CancellationToken cancellationToken)
    {
        bool any = false;
        while (await _queues.Control.ReceiveAsync(1, TimeSpan.FromHours(1), cancellationToken) is [{ } message, ..])
        {
            await _control.HandleAsync(message.Body, cancellationToken);
            await _queues.Control.DeleteAsync(message, CancellationToken.None);
            any = true;
        }
        return any;
    }

    // Tells what has changed with the jobs, each end once; whether all have ended.
    async Task<bool> FollowAsync(IReadOnlyDictionary<string, string> ids)
    {
        foreach (PlannedJob job in _jobs.Where(j => !_ends.ContainsKey(j.Manifest.Name)))
        {
            JobRow row = (await _index.Jobs.GetAsync(ids[job.Manifest.Name]))!;
            if (row.State is JobState.Blocked || (row.State is JobState.Queued && row.PlannedAt is null)) continue;
            ProgressReporter reporter = ReporterOf(job);
            if (row.PlannedAt is not null && _counted.Add(row.Id))
            {
                int cells = job.Manifest is SampleManifest sample ? sample.Cells().Count : 1;
                _progress.Begin(row, cells, await _index.Tasks.ListAsync(row.Id), reporter);
            }
            if (row.State.IsFinal()) End(job, row);
        }
        return _ends.Count == _jobs.Count;
    }

    async Task<IReadOnlyList<JobSummary>> EndAsync(IReadOnlyDictionary<string, string> ids)
    {
        // Nobody holds anything any more, whatever was under way when the run was stopped.
        await _index.Upkeep.TakeOverAsync(CancellationToken.None);
        foreach (PlannedJob job in _jobs.Where(j => !_ends.ContainsKey(j.Manifest.Name)))
        {
            // What was done to its last task is done, whenever the run was stopped.
            await _finalizer.FinalizeAsync(ids[job.Manifest.Name], CancellationToken.None);
            JobRow row = (await _index.Jobs.GetAsync(ids[job.Manifest.Name]))!;
            if (!row.State.IsFinal()) await _finalizer.PauseAsync(row, CancellationToken.None);
            End(job, row);
        }
        if (_ends.Values.All(s => s.State.IsFinished())) Tidy();
        return [.. _jobs.Select(j => _ends[j.Manifest.Name])];
    }

    void End(PlannedJob job, JobRow row)
    {
        ProgressReporter reporter = ReporterOf(job);
        bool unchanged = row.State.IsFinished() && job.Status == OutputStatus.Finished;
        reporter.State(row.State, unchanged ? "finished before, nothing has changed" : row.State is JobState.Queued
            ? "interrupted; the same command goes on from here"
            : row.Error);
        _ends[job.Manifest.Name] = new JobSummary(job.Manifest.Name, job.Kind, row.State, job.Manifest.Output)
        {
            Fingerprint = row.Fingerprint.Length > 0 ? row.Fingerprint : null,
            Unchanged = unchanged,
            Items = row.State.IsFinal() && row is { ItemsTotal: { } total, ItemsSucceeded: { } succeeded, ItemsErrored: { } errored }
                ? new ItemCounts(total, succeeded, errored)
                : null,
            Error = row.Error,
            Problems = row.Problems,
            Warnings = row.Warnings,
            Elapsed = reporter.Elapsed,
        };
    }

    // A job's time counts from when the run takes it up.
    ProgressReporter ReporterOf(PlannedJob job)
    {
        if (_reporters.TryGetValue(job.Manifest.Name, out ProgressReporter? reporter)) return reporter;
        _reporters[job.Manifest.Name] = reporter = new ProgressReporter(job, _listener, _time);
        reporter.State(JobState.Running);
        return reporter;
    }

    // The store's own files are of no use to anyone once nothing is under way.
    void Tidy()
    {
        foreach (string folder in (string[])[Path.Combine(_root, BlobName.Reserved),
            Path.Combine(_root, Roots.RootNames.Internal, "worker")])
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        string own = Path.Combine(_root, Roots.RootNames.Internal);
        if (Directory.Exists(own)) FolderStoreFiles.RemoveEmptyFolders(own, _root);
    }

    /// <summary>A queue that takes the messages of some jobs alone.</summary>
    sealed class OwnQueue(IWorkQueue inner, HashSet<string> jobs) : IWorkQueue
    {
        public Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken) =>
            PipelineMessage.Parse(body) is { } message && jobs.Contains(message.Job)
                ? inner.SendAsync(body, delay, cancellationToken)
                : Task.CompletedTask;

        public Task<IReadOnlyList<WorkMessage>> ReceiveAsync(int count, TimeSpan invisibility, CancellationToken cancellationToken) =>
            inner.ReceiveAsync(count, invisibility, cancellationToken);

        public Task<bool> RenewAsync(WorkMessage message, TimeSpan invisibility, CancellationToken cancellationToken) =>
            inner.RenewAsync(message, invisibility, cancellationToken);

        public Task<bool> DeleteAsync(WorkMessage message, CancellationToken cancellationToken) =>
            inner.DeleteAsync(message, cancellationToken);

        public Task<long> CountAsync(CancellationToken cancellationToken) => inner.CountAsync(cancellationToken);
    }
}
