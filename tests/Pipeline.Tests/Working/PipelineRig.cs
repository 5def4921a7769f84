using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Planning;
using DiffusionBatch.Pipeline.Reconciling;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Working;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>
/// A whole pipeline in this process: submit, plan, relay, workers, reconciler, on queues in memory, a folder, SQLite and a clock
/// that the rig moves, so that minutes of waiting pass in moments.
/// </summary>
internal sealed class PipelineRig : IAsyncDisposable
{
    readonly List<string> _folders = [];

    /// <param name="store">Its root, or null: a folder.</param>
    /// <param name="queues">Its queues, or null: in memory.</param>
    /// <param name="bell">What the queues in memory ring, or null.</param>
    /// <param name="looked">Told of each look into one of them.</param>
    public PipelineRig(IBlobStore? store = null, PipelineQueues? queues = null, QueueBell? bell = null,
        Action<string, DateTimeOffset>? looked = null)
    {
        Store = store ?? new FolderBlobStore(Root.Folder, Time);
        Queues = queues
            ?? PipelineQueues.Of(name => new MemoryWorkQueue(Time) { Looked = () => looked?.Invoke(name, Time.GetUtcNow()) }, bell);
        Database = Path.Combine(NewFolder(), "index.db");
        Index = new SqlPipelineIndex(new SqliteDialect(Database), Time);
    }

    /// <summary>The index's file.</summary>
    public string Database { get; }

    public ManualTime Time { get; } = new();

    public TestRoot Root { get; } = new();

    public IBlobStore Store { get; }

    public PipelineQueues Queues { get; }

    public IPipelineIndex Index { get; }

    /// <summary>Where the processes that are made from now on die.</summary>
    public CrashPoint? Crash { get; set; }

    /// <summary>Where the processes that are made from now on stand still.</summary>
    public PausePoint? Pause { get; set; }

    public WorkerOptions Options { get; } =
        new() { Poll = TimeSpan.FromSeconds(1), CheckpointEvery = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(60) };

    public JobService Service =>
        new(Store, Index, Relay(), Finalizer(), new Estimator(Store, Index.Caches), Time, NullLogger<JobService>.Instance);

    IBlobStore MortalStore => Wrap(Store, "");

    IPipelineIndex MortalIndex => Wrap(Index, "");

    PipelineQueues MortalQueues => Crash is null && Pause is null
        ? Queues
        : PipelineQueues.Of(name => Wrap(Queues[name], name == QueueNames.Jobs ? "control" : "tasks"));

    T Wrap<T>(T inner, string name) where T : class =>
        Crash is not null ? Crash.Wrap(inner, name) : Pause is not null ? Pause.Wrap(inner) : inner;

    public Finalizer Finalizer() => new(MortalStore, MortalIndex, Time, NullLogger<Finalizer>.Instance);

    public OutboxRelay Relay() => new(MortalStore, MortalIndex.Outbox, MortalQueues, Time, NullLogger<OutboxRelay>.Instance);

    public Planner Planner() =>
        new(MortalStore, MortalIndex, Finalizer(), new Estimator(MortalStore, MortalIndex.Caches), Time, NullLogger<Planner>.Instance);

    public ControlHandler Control() => new(Planner(), Finalizer(), Relay(), NullLogger<ControlHandler>.Instance);

    public Reconciler Reconciler() => new(MortalStore, MortalIndex.Upkeep, Finalizer(), Relay(), NullLogger<Reconciler>.Instance);

    public Worker Worker(IJobTasks tasks) => new(
        MortalStore,
        MortalIndex,
        MortalQueues,
        Finalizer(),
        Relay(),
        tasks,
        Microsoft.Extensions.Options.Options.Create(new WorkerOptions
        {
            Name = $"w{Guid.NewGuid():N}",
            Folder = NewFolder(),
            Poll = Options.Poll,
            CheckpointEvery = Options.CheckpointEvery,
            Lease = Options.Lease,
            MaxFailures = Options.MaxFailures,
            Prefetch = Options.Prefetch,
            EndAfterIdle = Options.EndAfterIdle,
        }),
        Time,
        Logger);

    public ListLogger<Worker> Logger { get; } = new();

    public async Task<string> SubmitAsync(JobManifest manifest, string? key = null, DateTimeOffset? expires = null)
    {
        SubmitResult result = await Service.SubmitAsync(Request(manifest) with { IdempotencyKey = key, ExpiresAt = expires }, default);
        Assert.Empty(result.Problems);
        return result.Outcome!.Job.Id;
    }

    public static SubmitRequest Request(JobManifest manifest) => new(Encoding.UTF8.GetBytes(ManifestWriter.Write(manifest)));

    /// <summary>Handles what the control queue holds, as the functions do.</summary>
    public async Task ControlAsync()
    {
        PipelineQueues queues = MortalQueues;
        ControlHandler control = Control();
        while (await queues.Control.ReceiveAsync(1, TimeSpan.FromMinutes(1), default) is [{ } message, ..])
        {
            await control.HandleAsync(message.Body, default);
            await queues.Control.DeleteAsync(message, default);
        }
    }

    /// <summary>Lets time pass and does what timers and triggers do, until a condition holds.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, bool mayDie = false)
    {
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(limit.Elapsed < TimeSpan.FromMinutes(1),
                "The pipeline doesn't come to its end: " + string.Join("; ", Logger.Lines.TakeLast(20)));
            try
            {
                await TickAsync();
            }
            catch (CrashPoint.Killed) when (mayDie)
            {
                return;
            }
        }
    }

    /// <summary>Half a second of the pipeline's time, with what timers and triggers do in it.</summary>
    public async Task TickAsync()
    {
        await ControlAsync();
        if (_tick++ % 20 == 0) await Reconciler().RunOnceAsync(default);
        await Task.Delay(5);
        Time.Advance(TimeSpan.FromSeconds(0.5));
    }

    int _tick;

    /// <summary>Waits for the end of a worker that died.</summary>
    public static async Task BuryAsync(Running worker)
    {
        try
        {
            await worker.DisposeAsync();
        }
        catch (CrashPoint.Killed)
        {
            // As it should be.
        }
    }

    /// <summary>The index's rows of files, items and tasks, without times, rates and attempts.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync()
    {
        await using var connection = await new SqliteDialect(Database).OpenAsync();
        var rows = new List<string>();
        foreach (string sql in (string[])
        [
            "select path, kind, cell, part, bytes, lines, errored, nfe, tokens, flops from artifacts order by job_id, path",
            "select cell, item, id, part, length, nfe, score, error_code from items order by job_id, cell, item",
            "select ordinal, parent, kind, state, part, first_item, item_count, succeeded, errored, errors from tasks order by "
                + "job_id, ordinal",
            "select state, items_total, items_succeeded, items_errored, tasks_total from jobs order by id",
        ])
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        }
        return rows;
    }

    public Task UntilEndedAsync(params string[] jobs) => UntilAsync(async () =>
    {
        foreach (string job in jobs)
            if (!(await Index.Jobs.GetAsync(job))!.State.IsFinal()) return false;
        return true;
    });

    /// <summary>Runs a job to its end with one worker.</summary>
    public async Task<JobRow> RunAsync(JobManifest manifest, IJobTasks tasks)
    {
        string job = await SubmitAsync(manifest);
        await using (Running worker = Start(tasks)) await UntilEndedAsync(job);
        return (await Index.Jobs.GetAsync(job))!;
    }

    public Running Start(IJobTasks tasks)
    {
        var stop = new CancellationTokenSource();
        Worker worker = Worker(tasks); // here, with the crash or the pause of this moment
        return new Running(Task.Run(() => worker.RunAsync(stop.Token)), stop);
    }

    public string NewFolder()
    {
        string folder = Directory.CreateTempSubdirectory("dbatch-rig-").FullName;
        _folders.Add(folder);
        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        await Index.DisposeAsync();
        Root.Dispose();
        foreach (string folder in _folders) Directory.Delete(folder, recursive: true);
    }

    /// <summary>A worker that runs; disposing stops it as SIGTERM does.</summary>
    internal sealed class Running(Task worker, CancellationTokenSource stop) : IAsyncDisposable
    {
        public Task Task => worker;

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await worker;
        }
    }
}
