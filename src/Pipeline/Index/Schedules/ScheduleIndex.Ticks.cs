using System.Globalization;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Pipeline.Index;

// The times of schedules. The schedule's version is the lock: who moves it on deals with the time.
internal sealed partial class ScheduleIndex
{
    /// <summary>More runs than this don't wait for their turn.</summary>
    internal const int MostWaiting = 100;

    const string Move = """
        update schedules set next_at = @next, version = version + 1
        where tenant = @owner and name = @name and version = @version and (paused = 0 or @asked = 1)
        """;

    const string Enter = """
        insert into schedule_ticks (tenant, schedule, scheduled_for, outcome, job_id, reason)
        values (@owner, @name, @at, @outcome, @job, @reason)
        on conflict (tenant, schedule, scheduled_for) do update
        set outcome = excluded.outcome, job_id = excluded.job_id, reason = excluded.reason
        where schedule_ticks.outcome = 'waiting'
        """;

    const string Unfinished = "select id from jobs where schedule = @name and tenant = @owner and parent_id is null and finished_at is "
        + "null order by id";

    const string CountWaiting = "select count(*) from schedule_ticks where tenant = @owner and schedule = @name and outcome = 'waiting'";

    /// <inheritdoc/>
    public Task<TickRow?> StartAsync(ScheduleRow schedule, Tick tick, Submission run, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => StartAsync(s, schedule, tick, run), cancellationToken);

    static async Task<TickRow?> StartAsync(IndexSession session, ScheduleRow schedule, Tick tick, Submission run)
    {
        // Locks the schedule's row: whoever else deals with its times waits, and then finds another version.
        if (!await MoveAsync(session, schedule, tick.Next)) return null;
        IReadOnlyList<string> running = await session.ListAsync<string>(Unfinished, Of(schedule));
        long waiting = await session.ScalarAsync<long>(CountWaiting, Of(schedule));
        switch (schedule.Overlap)
        {
            case ScheduleOverlap.Skip when running.Count > 0:
                return await EnterAsync(session, schedule, tick.At, TickOutcome.Skipped, null, $"{running[0]} hasn't ended.");
            case ScheduleOverlap.Queue when waiting >= MostWaiting:
                return await EnterAsync(
                    session, schedule, tick.At, TickOutcome.Skipped, null,
                    string.Create(CultureInfo.InvariantCulture, $"{waiting} runs wait already."));
            case ScheduleOverlap.Queue when running.Count > 0 || waiting > 0:
                return await EnterAsync(session, schedule, tick.At, TickOutcome.Waiting, null, null);
            case ScheduleOverlap.Replace:
                foreach (string job in running) await JobIndex.CancelAsync(session, job);
                break;
        }
        return await SubmitAsync(session, schedule, tick.At, run);
    }

    /// <inheritdoc/>
    public Task<TickRow?> StartWaitingAsync(ScheduleRow schedule, DateTimeOffset time, Submission run,
        CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            async s =>
            {
                if (!await MoveAsync(s, schedule, schedule.NextAt)) return null;
                return (await s.ListAsync<string>(Unfinished, Of(schedule))).Count > 0 ? null : await SubmitAsync(s, schedule, time, run);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<TickRow?> StartNowAsync(ScheduleRow schedule, DateTimeOffset time, Submission run,
        CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            async s => await MoveAsync(s, schedule, schedule.NextAt, asked: true)
                ? await SubmitAsync(s, schedule, time, run)
                : null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PassAsync(ScheduleRow schedule, Tick tick, TickOutcome outcome, string? reason,
        CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            async s => await MoveAsync(s, schedule, tick.Next) && await EnterAsync(s, schedule, tick.At, outcome, null, reason) is not null,
            cancellationToken);

    static async Task<bool> MoveAsync(IndexSession session, ScheduleRow schedule, DateTimeOffset? next, bool asked = false) =>
        await session.ExecuteAsync(
            Move, new
            {
                owner = schedule.Tenant.Value,
                name = schedule.Name,
                version = schedule.Version,
                next = Timestamp.Of(next),
                asked = asked ? 1 : 0
            }) == 1;

    static object Of(ScheduleRow schedule) => new { owner = schedule.Tenant.Value, name = schedule.Name };

    // The time is the key: a row that is there and doesn't wait has had its run.
    static async Task<TickRow?> SubmitAsync(IndexSession session, ScheduleRow schedule, DateTimeOffset at, Submission run)
    {
        string job = run.Jobs[0].Id;
        if (await EnterAsync(session, schedule, at, TickOutcome.Submitted, job, null) is not { } tick) return null;
        await JobIndex.SubmitAsync(session, run with
        {
            Tenant = schedule.Tenant,
            Jobs = [.. run.Jobs.Select(j => j with { Schedule = schedule.Name, ScheduledFor = at })],
        });
        await session.ExecuteAsync("update schedules set runs = runs + 1 where tenant = @owner and name = @name", Of(schedule));
        return tick;
    }

    static async Task<TickRow?> EnterAsync(IndexSession session, ScheduleRow schedule, DateTimeOffset at, TickOutcome outcome, string? job,
        string? reason)
    {
        int entered = await session.ExecuteAsync(
            Enter, new
            {
                owner = schedule.Tenant.Value,
                name = schedule.Name,
                at = Timestamp.Of(at),
                outcome = EnumText.Of(outcome),
                job,
                reason
            });
        return entered == 0 ? null : new TickRow { ScheduledFor = at, Outcome = outcome, JobId = job, Reason = reason };
    }
}
