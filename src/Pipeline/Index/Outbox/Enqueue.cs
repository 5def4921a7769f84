using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Writes messages into the outbox; a message that waits there already isn't doubled. Those of tasks wait for their tenant's turn
/// (<see cref="AdmitTasks"/>).
/// </summary>
internal static class Enqueue
{
    // The present span where it is of the job's trace, else the span that the job was submitted in: a timer has a trace of its own.
    const string Trace = "case when j.trace is null or substr(j.trace, 4, 32) = substr(@trace, 4, 32) then coalesce(@trace, j.trace) "
        + "else j.trace end";

    const string Job = $"""
        insert into outbox (job_id, kind, queue, due_at, trace)
        select j.id, @kind, @queue, @now, {Trace} from jobs j
        where j.id = @job and not exists (select 1 from outbox o where o.job_id = j.id and o.kind = @kind and o.sent_at is null)
        """;

    const string Task = $"""
        insert into outbox (job_id, kind, ordinal, queue, due_at, trace, waits_for)
        select t.job_id, 'task', t.ordinal, @queue, @now, {Trace}, {AdmitTasks.WaitsFor} from tasks t join jobs j on j.id = t.job_id
        where t.job_id = @job and t.state = 'queued' and (@ordinal is null or t.ordinal = @ordinal)
          and (@parent is null or t.parent = @parent)
          and not exists (
                select 1 from outbox o where o.job_id = t.job_id and o.kind = 'task' and o.ordinal = t.ordinal and o.sent_at is null)
        order by t.ordinal
        """;

    public static Task<int> PlanAsync(IndexSession session, string job) => JobAsync(session, job, OutboxKind.Plan);

    public static Task<int> FinalizeAsync(IndexSession session, string job) => JobAsync(session, job, OutboxKind.Finalize);

    /// <summary>Each queued task of a job.</summary>
    public static Task<int> AllTasksAsync(IndexSession session, JobRow job) => TasksAsync(session, job, null, null);

    /// <summary>A task, if it is queued.</summary>
    public static Task<int> TaskAsync(IndexSession session, JobRow job, int ordinal) => TasksAsync(session, job, ordinal, null);

    /// <summary>The queued halves of a task.</summary>
    public static Task<int> HalvesAsync(IndexSession session, JobRow job, int parent) => TasksAsync(session, job, null, parent);

    static Task<int> JobAsync(IndexSession session, string job, OutboxKind kind) =>
        session.ExecuteAsync(Job, new { job, kind = EnumText.Of(kind), queue = QueueNames.Jobs, now = session.Now, trace = Spans.Current });

    static async Task<int> TasksAsync(IndexSession session, JobRow job, int? ordinal, int? parent)
    {
        int written = await session.ExecuteAsync(Task, new
        {
            job = job.Id,
            ordinal,
            parent,
            queue = QueueNames.Of(job.Priority),
            now = session.Now,
            trace = Spans.Current,
            turns = session.TakesTurns ? 1 : 0,
        });
        await AdmitTasks.RunAsync(session, job.Tenant.Value);
        return written;
    }
}
