using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What became of a claim.</summary>
/// <param name="Status">Whether the task is the caller's.</param>
/// <param name="Task">The task, where it is; <see cref="TaskRow.Attempt"/> is the fencing token.</param>
/// <param name="Until">When to try again, where it is held.</param>
public sealed record ClaimOutcome(ClaimStatus Status, TaskRow? Task = null, DateTimeOffset? Until = null)
{
    /// <summary>The attempt before, where its holder fell silent: it can't tell of itself any more.</summary>
    public LapsedAttempt? Lapsed { get; init; }
}

/// <summary>An attempt whose holder fell silent.</summary>
public sealed record LapsedAttempt
{
    /// <summary>Its number.</summary>
    public required int Attempt { get; init; }

    /// <summary>Who held the task.</summary>
    public required string Owner { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was found out.</summary>
    public required DateTimeOffset EndedAt { get; init; }
}

/// <summary>What became of a claim.</summary>
public enum ClaimStatus
{
    /// <summary>The task is the caller's until its lease ends.</summary>
    Claimed,

    /// <summary>It is done, or split into others that have messages of their own: the message can go.</summary>
    Done,

    /// <summary>Another holds it, or it may not begin yet: the message is to come again later.</summary>
    Held,

    /// <summary>Its job is being cancelled, has ended or expired, or is gone: the message can go.</summary>
    Stopped,

    /// <summary>Another tenant's task comes first, if its message is there; else this one may be claimed out of turn.</summary>
    GivesWay,
}

/// <summary>What a heartbeat learned.</summary>
public enum RenewOutcome
{
    /// <summary>The task is still the caller's.</summary>
    Held,

    /// <summary>Another has it now, or it was ended: stop, and write nothing more.</summary>
    Lost,

    /// <summary>It is the caller's, but its job is cancelled, ended or expired: stop, and release it.</summary>
    Stop,
}

/// <summary>How far a running task is. Where it is farther than any attempt was, its failures are forgotten.</summary>
/// <param name="Phase">What it does, in a word or two.</param>
/// <param name="Done">Units done that a successor won't do again.</param>
/// <param name="Total">Units in all, or 0.</param>
/// <param name="Unit">What is counted, in the plural.</param>
public sealed record TaskProgressRow(string Phase, long Done, long Total, string Unit)
{
    /// <summary>Live figures by name; what isn't a number is left out.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>What a task tells of itself.</summary>
    public static TaskProgressRow Of(TaskProgress progress) =>
        new(progress.Phase, Math.Max(progress.Done, 0), progress.Total, progress.Unit)
        {
            Figures = progress.Metrics ?? new Dictionary<string, double>(),
        };
}

// Taking tasks, and prolonging a claim. The attempt's number is the fencing token: what an earlier holder still writes finds another one.
internal sealed partial class TaskIndex
{
    const string Claim = """
        update tasks
        set state = 'running', attempt = attempt + 1, failures = @failures, owner = @owner, claim = @claim, lease_until = @until,
            not_before = null, progressed = 0, started_at = coalesce(started_at, @now)
        where job_id = @job and ordinal = @ordinal
        """;

    const string BeginAttempt = """
        insert into attempts (job_id, ordinal, attempt, owner, started_at) values (@job, @ordinal, @attempt, @owner, @now)
        on conflict (job_id, ordinal, attempt) do nothing
        """;

    const string LapsedBefore = """
        select attempt as Attempt, owner as Owner, started_at as StartedAt, ended_at as EndedAt
        from attempts where job_id = @job and ordinal = @ordinal and attempt = @attempt and outcome = 'lapsed'
        """;

    const string Renew = """
        update tasks
        set lease_until = @until,
            phase = coalesce(@Phase, phase),
            unit = coalesce(@Unit, unit),
            figures = coalesce(@figures, figures),
            progress_total = case when @Total > 0 then @Total else progress_total end,
            progress_done = case when @Done >= 0 then @Done else progress_done end,
            failures = case when @Done > progress_best then 0 else failures end,
            progressed = case when @Done > progress_best then 1 else progressed end,
            progress_best = case when @Done > progress_best then @Done else progress_best end
        where job_id = @job and ordinal = @ordinal and attempt = @attempt and state = 'running'
        """;

    /// <inheritdoc/>
    public Task<ClaimOutcome> ClaimAsync(TaskKey task, string owner, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        string claim = IndexDatabase.NewClaim();
        return database.WriteAsync(s => ClaimAsync(s, task, owner, lease, claim, inTurn: false), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ClaimOutcome> ClaimInTurnAsync(TaskKey task, string owner, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        string claim = IndexDatabase.NewClaim();
        return database.WriteAsync(s => ClaimAsync(s, task, owner, lease, claim, inTurn: true), cancellationToken);
    }

    static async Task<ClaimOutcome> ClaimAsync(IndexSession session, TaskKey key, string owner, TimeSpan lease, string claim, bool inTurn)
    {
        if (await LockJob.WithPipelineAsync(session, key.Job) is not { } family
            || await TaskRows.LockAsync(session, key) is not { } task)
        {
            return new ClaimOutcome(ClaimStatus.Stopped);
        }
        if (Refusal(session, family.Job, task, lease, claim) is { } refusal) return refusal;
        if (task.Claim == claim) return new ClaimOutcome(ClaimStatus.Claimed, task);
        if (await ClaimTurn.RefusalAsync(session, family.Job, task, inTurn) is { } notNow) return notNow;

        bool lapsed = task.State == TaskState.Running;
        if (lapsed) await EndAttempt.RunAsync(session, task, "lapsed");
        await session.ExecuteAsync(Claim, new
        {
            job = key.Job,
            ordinal = key.Ordinal,
            failures = lapsed ? task.FailuresAfterLapse : task.Failures,
            owner,
            claim,
            until = session.In(lease),
            now = session.Now,
        });
        await session.ExecuteAsync(BeginAttempt,
            new { job = key.Job, ordinal = key.Ordinal, attempt = task.Attempt + 1, owner, now = session.Now });
        if (family.Job.State == JobState.Queued)
        {
            await MoveJob.RunAsync(session, family.Job, JobState.Running);
            await UpdatePipeline.RunAsync(session, family.Pipeline);
        }
        return new ClaimOutcome(ClaimStatus.Claimed, await TaskRows.LockAsync(session, key))
        {
            Lapsed = task.Attempt == 0
                ? null
                : await session.FirstAsync<LapsedAttempt>(LapsedBefore,
                    new { job = key.Job, ordinal = key.Ordinal, attempt = task.Attempt }),
        };
    }

    static ClaimOutcome? Refusal(IndexSession session, JobRow job, TaskRow task, TimeSpan lease, string claim)
    {
        if (task.State is TaskState.Completed or TaskState.Poisoned or TaskState.Split) return new ClaimOutcome(ClaimStatus.Done);
        if (task.State == TaskState.Cancelled || !job.IsLive(session)) return new ClaimOutcome(ClaimStatus.Stopped);
        if (job.PlannedAt is null) return new ClaimOutcome(ClaimStatus.Held, Until: session.Time + lease);
        if (task.State == TaskState.Running && task.Claim != claim && task.LeaseUntil > session.Time)
            return new ClaimOutcome(ClaimStatus.Held, Until: task.LeaseUntil);
        return task.State == TaskState.Queued && task.NotBefore > session.Time
            ? new ClaimOutcome(ClaimStatus.Held, Until: task.NotBefore)
            : null;
    }

    /// <inheritdoc/>
    public Task<RenewOutcome> RenewAsync(TaskKey task, int attempt, TimeSpan lease, TaskProgressRow? progress,
        CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => RenewAsync(s, task, attempt, lease, progress), cancellationToken);

    // It locks no job, so that heartbeats wait for nobody: its own row is written where the attempt is still the caller's, and the
    // job is looked at after.
    static async Task<RenewOutcome> RenewAsync(IndexSession session, TaskKey key, int attempt, TimeSpan lease, TaskProgressRow? progress)
    {
        int held = await session.ExecuteAsync(Renew, new
        {
            job = key.Job,
            ordinal = key.Ordinal,
            attempt,
            until = session.In(lease),
            progress?.Phase,
            progress?.Unit,
            Done = progress?.Done ?? -1,
            Total = progress?.Total ?? 0,
            figures = progress is null ? null : IndexJson.Of(progress.Figures),
        });
        if (held == 0) return RenewOutcome.Lost;
        JobRow? job = await JobIndex.GetAsync(session, key.Job);
        return job is not null && job.IsLive(session) ? RenewOutcome.Held : RenewOutcome.Stop;
    }
}
