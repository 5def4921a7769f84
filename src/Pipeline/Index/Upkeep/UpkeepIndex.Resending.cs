using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

// Messages that seem lost: what they ask for waits, none is in the outbox, and the last was sent long ago. A plan whose lease has
// lapsed since its message was sent asks for another at once: its planner has died, and took the message with it.
internal sealed partial class UpkeepIndex
{
    const string LiveJob = "(j.state = 'queued' or j.state = 'running') and (j.expires_at is null or j.expires_at > @now)";

    const string TaskMessages = $"""
        insert into outbox (job_id, kind, ordinal, queue, due_at, trace, waits_for)
        select t.job_id, 'task', t.ordinal,
               case j.priority when 'high' then @high when 'low' then @low else @normal end, @now, j.trace, {AdmitTasks.WaitsFor}
        from tasks t join jobs j on j.id = t.job_id
        where t.state = 'queued' and (t.not_before is null or t.not_before <= @before) and {LiveJob} and j.planned_at is not null
          and not exists (
            select 1 from outbox o
            where o.job_id = t.job_id and o.kind = 'task' and o.ordinal = t.ordinal and (o.sent_at is null or o.sent_at > @before))
        order by t.job_id, t.ordinal
        """;

    const string PlanMessages = $"""
        insert into outbox (job_id, kind, queue, due_at, trace)
        select j.id, 'plan', @jobs, @now, j.trace
        from jobs j
        where {LiveJob} and j.kind <> 'pipeline' and j.manifest is not null and j.planned_at is null
          and (j.plan_until is null or j.plan_until <= @now)
          and not exists (select 1 from outbox o where o.job_id = j.id and o.kind = 'plan' and (
                o.sent_at is null or (o.sent_at > @before and (j.plan_until is null or o.sent_at > j.plan_until))))
        order by j.id
        """;

    /// <inheritdoc/>
    public Task<int> ResendAsync(TimeSpan unclaimedFor, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => ResendAsync(s, unclaimedFor), cancellationToken);

    static async Task<int> ResendAsync(IndexSession session, TimeSpan unclaimedFor)
    {
        var arguments = new
        {
            now = session.Now,
            turns = session.TakesTurns ? 1 : 0,
            before = Timestamp.Of(session.Time - unclaimedFor),
            jobs = QueueNames.Jobs,
            high = QueueNames.Of(JobPriority.High),
            normal = QueueNames.Of(JobPriority.Normal),
            low = QueueNames.Of(JobPriority.Low),
        };
        return await session.ExecuteAsync(PlanMessages, arguments) + await session.ExecuteAsync(TaskMessages, arguments);
    }
}
