using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What a finished task leaves in the index.</summary>
public sealed record TaskCommit
{
    /// <summary>Items with results only.</summary>
    public long Succeeded { get; init; }

    /// <summary>Items with errors.</summary>
    public long Errored { get; init; }

    /// <summary>Items with errors by code.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    /// <summary>What it cost, JSON, or null: given back as it is by <see cref="TaskRow.Cost"/>.</summary>
    public string? Cost { get; init; }

    /// <summary>The files that it made.</summary>
    public IReadOnlyList<ArtifactRow> Artifacts { get; init; } = [];

    /// <summary>Its results one by one; to be left empty for jobs of over 100,000 and for halves of a split task.</summary>
    public IReadOnlyList<ItemRow> Items { get; init; } = [];

    /// <summary>Its figures, that its job's are made of at the end: they are entered at once.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; init; } = [];

    /// <summary>An evaluation's cells, entered at once.</summary>
    public IReadOnlyList<SweepPoint> SweepPoints { get; init; } = [];
}

/// <summary>A result of one item in one cell.</summary>
/// <param name="Cell">The cell's name.</param>
/// <param name="Item">The item's place in the input, from 0.</param>
/// <param name="Id">The item's id.</param>
/// <param name="Part">The part that its line stands in.</param>
public sealed record ItemRow(string Cell, long Item, string Id, int Part)
{
    /// <summary>Tokens, or null where it is an error, like the next two.</summary>
    public long? Length { get; init; }

    /// <summary>Forward passes.</summary>
    public long? Nfe { get; init; }

    /// <summary>The mean log-probability.</summary>
    public double? Score { get; init; }

    /// <summary>Computing time, or null.</summary>
    public double? Seconds { get; init; }

    /// <summary>The error's code, or null.</summary>
    public string? ErrorCode { get; init; }
}

/// <summary>What became of a commit.</summary>
/// <param name="Committed">False: fenced off. Another has the task, or its job has ended; nothing was changed.</param>
/// <param name="LastOfJob">No task of the job is open any more; its <c>finalize</c> message is in the outbox.</param>
/// <param name="ReadyParent">
/// The task that this one was the last half of: it is queued again, with a message in the outbox; whoever claims it
/// puts its part together.
/// </param>
public sealed record CommitOutcome(bool Committed, bool LastOfJob = false, int? ReadyParent = null)
{
    /// <summary>Messages that waited for room have it now: the relay is to send them.</summary>
    public bool MakesRoom { get; init; }

    /// <summary>Nothing was changed.</summary>
    public static CommitOutcome Fenced { get; } = new(false);
}

// Ending a task with what it made. The job's row is locked first, so that of the last two commits one sees no open task.
internal sealed partial class TaskIndex
{
    const string Commit = """
        update tasks
        set state = @state, succeeded = @Succeeded, errored = @Errored, errors = @errors, cost = @Cost, error = @error,
            progress_total = case when progress_total > item_count then progress_total else item_count end,
            progress_done = case when progress_total > item_count then progress_total else item_count end,
            owner = null, claim = null, lease_until = null, finished_at = @now
        where job_id = @job and ordinal = @ordinal and attempt = @attempt and state = 'running'
        """;

    static readonly BatchInsert s_artifacts = new(
        "artifacts",
        ["job_id", "path", "kind", "cell", "part", "bytes", "lines", "errored", "nfe", "tokens", "seconds", "flops"],
        """
        on conflict (job_id, path) do update
        set kind = excluded.kind, cell = excluded.cell, part = excluded.part, bytes = excluded.bytes, lines = excluded.lines,
            errored = excluded.errored, nfe = excluded.nfe, tokens = excluded.tokens, seconds = excluded.seconds, flops = excluded.flops
        """);

    static readonly BatchInsert s_items = new(
        "items",
        ["job_id", "cell", "item", "id", "part", "length", "nfe", "score", "seconds", "error_code"],
        """
        on conflict (job_id, cell, item) do update
        set id = excluded.id, part = excluded.part, length = excluded.length, nfe = excluded.nfe, score = excluded.score,
            seconds = excluded.seconds, error_code = excluded.error_code
        """);

    /// <inheritdoc/>
    public Task<CommitOutcome> CommitAsync(TaskKey task, int attempt, TaskCommit commit, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => CommitAsync(s, task, attempt, commit, null), cancellationToken);

    /// <inheritdoc/>
    public Task<CommitOutcome> PoisonAsync(TaskKey task, int attempt, PoisonEntry entry, TaskCommit commit,
        CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => CommitAsync(s, task, attempt, commit, entry), cancellationToken);

    // Completes the task, or gives it up where a reason is given.
    static async Task<CommitOutcome> CommitAsync(IndexSession session, TaskKey key, int attempt, TaskCommit commit, PoisonEntry? poison)
    {
        if (await LockJob.RunAsync(session, key.Job) is not { } job
            || await TaskRows.LockAsync(session, key) is not { } task)
        {
            return CommitOutcome.Fenced;
        }
        TaskState end = poison is null ? TaskState.Completed : TaskState.Poisoned;
        // The same commit again, after an answer that was lost: by the index's own retries, or by a worker's.
        if (task.State == end && task.Attempt == attempt) return await SettleTask.OutcomeAsync(session, task);
        if (task.State != TaskState.Running || task.Attempt != attempt || job.State.IsFinal()) return CommitOutcome.Fenced;

        await session.ExecuteAsync(Commit, new
        {
            job = key.Job,
            ordinal = key.Ordinal,
            attempt,
            state = EnumText.Of(end),
            commit.Succeeded,
            commit.Errored,
            errors = IndexJson.Of(commit.Errors),
            commit.Cost,
            error = poison?.Reason,
            now = session.Now,
        });
        await SaveAsync(session, task, commit);
        if (poison is not null) await PoisonIndex.AddAsync(session, task, poison);
        await EndAttempt.RunAsync(session, task, EnumText.Of(end), poison?.Reason);
        return await SettleTask.RunAsync(session, job, task);
    }

    // Enters files, items and figures.
    static async Task SaveAsync(IndexSession session, TaskRow task, TaskCommit commit)
    {
        await session.InsertAsync(s_artifacts,
        [
            .. commit.Artifacts.Select(a => new object?[]
            {
                task.JobId, a.Path, EnumText.Of(a.Kind), a.Cell, a.Part, a.Bytes, a.Lines, a.Errored, a.Nfe, a.Tokens, Finite(a.Seconds)
                    ?? 0, Finite(a.Flops),
            }),
        ]);
        await session.InsertAsync(s_items,
        [
            .. commit.Items.Select(i => new object?[] { task.JobId, i.Cell, i.Item, i.Id, i.Part, i.Length, i.Nfe, Finite(i.Score),
                Finite(i.Seconds), i.ErrorCode }),
        ]);
        if (commit.Metrics.Count > 0) await SaveFigures.MetricsAsync(session, task.JobId, commit.Metrics);
        if (commit.SweepPoints.Count > 0) await SaveFigures.SweepPointsAsync(session, task.JobId, commit.SweepPoints);
    }

    static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
