using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Whether a tenant may have one more task running now: its quota says so, and, where it is asked for, no other tenant of the queue has
/// its turn first. Of several tenants each gets an equal share of the workers, whatever stands in the queue.
/// </summary>
internal static class ClaimTurn
{
    static readonly TimeSpan s_again = TimeSpan.FromSeconds(2);

    // Most pipelines have one tenant at a time, and are done after this.
    const string Others = """
        select 1 from tasks
        where state = 'queued' and sent_to = @queue and sent_for is not null and sent_for <> @owner
          and (not_before is null or not_before <= @now)
        limit 1
        """;

    const string Tenants = """
        select w.tenant as Tenant, (select q.most_tasks from quotas q where q.tenant = w.tenant) as Most,
               (select u.served from turns u where u.tenant = w.tenant and u.queue = @queue) as Served,
               (select count(*) from tasks r
                where r.state = 'running' and r.sent_to in (@high, @normal, @low) and r.sent_for = w.tenant) as Running
        from (select distinct sent_for as tenant from tasks
              where state = 'queued' and sent_to = @queue and sent_for is not null and (not_before is null or not_before <= @now)) w
        """;

    const string Running = """
        select count(*) from tasks
        where state = 'running' and sent_to in (@high, @normal, @low) and sent_for = @owner and not (job_id = @job and ordinal = @ordinal)
        """;

    const string Serve = """
        insert into turns (tenant, queue, served)
        values (@owner, @queue, 1 + (select coalesce(max(served), 0) from turns where queue = @queue))
        on conflict (tenant, queue) do update set served = excluded.served
        """;

    /// <summary>Why a locked task can't be claimed now, or null; then it counts as its tenant's turn.</summary>
    public static async Task<ClaimOutcome?> RefusalAsync(IndexSession session, JobRow job, TaskRow task, bool inTurn)
    {
        var arguments = new
        {
            owner = job.Tenant.Value,
            queue = QueueNames.Of(job.Priority),
            job = job.Id,
            ordinal = task.Ordinal,
            now = session.Now,
            high = QueueNames.Of(JobPriority.High),
            normal = QueueNames.Of(JobPriority.Normal),
            low = QueueNames.Of(JobPriority.Low),
        };
        if (await TenantQuotas.LockAsync(session, arguments.owner) is { MostTasks: { } most }
            && await session.ScalarAsync<long>(Running, arguments) >= most)
            return new ClaimOutcome(ClaimStatus.Held, Until: session.Time + s_again);
        if (!inTurn || await session.ScalarAsync<long>(Others, arguments) == 0) return null;
        IReadOnlyList<Waiting> tenants = await session.ListAsync<Waiting>(Tenants, arguments);
        Waiting own = tenants.FirstOrDefault(t => t.Tenant == arguments.owner) ?? new Waiting();
        if (tenants.Any(t => t.Tenant != arguments.owner && t.MayRun && t.IsBefore(own))) return new ClaimOutcome(ClaimStatus.GivesWay);
        await session.ExecuteAsync(Serve, arguments);
        return null;
    }

    sealed record Waiting
    {
        public string Tenant { get; init; } = "";

        public long? Most { get; init; }

        public long? Served { get; init; }

        public long Running { get; init; }

        public bool MayRun => Most is null || Running < Most;

        public bool IsBefore(Waiting other) =>
            Running < other.Running || (Running == other.Running && (Served ?? 0) < (other.Served ?? 0));
    }
}
