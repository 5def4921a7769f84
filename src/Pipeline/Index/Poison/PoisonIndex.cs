using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The poison list in SQL.</summary>
internal sealed class PoisonIndex(IndexDatabase database) : IPoisonIndex
{
    const string Add = """
        insert into poison (job_id, ordinal, first_item, item_count, item_id, reason, attempts, created_at, state)
        values (@JobId, @Ordinal, @FirstItem, @ItemCount, @ItemId, @Reason, @Attempt, @now, 'listed')
        """;

    const string Select = """
        select id as Id, job_id as JobId, ordinal as Ordinal, first_item as FirstItem, item_count as ItemCount, item_id as ItemId,
               reason as Reason, attempts as Attempts, created_at as CreatedAt, state as State
        from poison
        """;

    const string RequeueTask = TaskRows.Anew + " where job_id = @job and ordinal = @ordinal and state = 'poisoned'";

    const string OtherTasks = "update tasks set state = 'queued', finished_at = null where job_id = @job and state = 'cancelled' and "
        + "children = 0";

    /// <inheritdoc/>
    public Task<IReadOnlyList<PoisonRow>> ListAsync(string? job, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<PoisonRow>($"{Select} where 1 = "
            + $"1{(job is null ? "" : " and job_id = @job")}{OfOwnJob(s)} order by id desc", new { job }), cancellationToken);

    /// <inheritdoc/>
    public Task<RequeueOutcome> RequeueAsync(long poison, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => RequeueAsync(s, poison), cancellationToken);

    static async Task<RequeueOutcome> RequeueAsync(IndexSession session, long id)
    {
        if (await GetAsync(session, id) is not { } poison
            || await LockJob.WithPipelineAsync(session, poison.JobId) is not { } family
            || await TaskRows.LockAsync(session, new TaskKey(poison.JobId, poison.Ordinal)) is not { } task)
        {
            return RequeueOutcome.NotListed;
        }
        if (session.Retried && poison.State == PoisonState.Requeued) return RequeueOutcome.Requeued;
        if (poison.State != PoisonState.Listed) return RequeueOutcome.NotListed;
        if (await WrittenAsync(session, family.Job, task)) return RequeueOutcome.Written;
        if (!await MarkAsync(session, id, PoisonState.Requeued)) return RequeueOutcome.NotListed;

        JobRow job = family.Job;
        await session.ExecuteAsync(RequeueTask, new { job = job.Id, ordinal = task.Ordinal });
        if (job.State != JobState.Failed)
        {
            await Enqueue.TaskAsync(session, job, task.Ordinal);
        }
        else
        {
            await session.ExecuteAsync(OtherTasks, new { job = job.Id });
            await ReviveJob.RunAsync(session, job);
        }
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return RequeueOutcome.Requeued;
    }

    // A sample's item is written once its part is: at once for a whole part, with the last half for a half.
    static async Task<bool> WrittenAsync(IndexSession session, JobRow job, TaskRow task)
    {
        if (task.State != TaskState.Poisoned || job.State == JobState.Cancelling) return true;
        if (task.Kind != JobKind.Sample) return job.State.IsFinal() && job.State != JobState.Failed;
        if (job.State.IsFinal() || task.Parent is not { } parent) return true;
        TaskRow? whole = await TaskRows.LockAsync(session, task.Key with { Ordinal = parent });
        return whole?.State != TaskState.Split;
    }

    /// <inheritdoc/>
    public Task<bool> DropAsync(long poison, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            async s => await MarkAsync(s, poison, PoisonState.Dropped)
                || (s.Retried && await GetAsync(s, poison) is { State: PoisonState.Dropped }),
            cancellationToken);

    /// <summary>Enters a task, as it is given up.</summary>
    public static Task<int> AddAsync(IndexSession session, TaskRow task, PoisonEntry entry) => session.ExecuteAsync(Add, new
    {
        task.JobId,
        task.Ordinal,
        task.FirstItem,
        task.ItemCount,
        entry.ItemId,
        entry.Reason,
        task.Attempt,
        now = session.Now,
    });

    static Task<PoisonRow?> GetAsync(IndexSession session, long id) =>
        session.FirstAsync<PoisonRow>(Select + " where id = @id" + OfOwnJob(session), new { id });

    // Says what was done about a listed row; false where it isn't listed.
    static async Task<bool> MarkAsync(IndexSession session, long id, PoisonState state) =>
        await session.ExecuteAsync(
            "update poison set state = @state where id = @id and state = 'listed'" + OfOwnJob(session),
            new { id, state = EnumText.Of(state) }) == 1;

    static string OfOwnJob(IndexSession session) =>
        session.Tenant is null ? "" : " and job_id in (select id from jobs where tenant = @tenant)";
}
