using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Index;

// What waits, for whoever watches. A task that failed waits from the time that it may be tried again.
internal sealed partial class UpkeepIndex
{
    const string WaitingTasks = $"""
        select j.priority as Name, count(*) as Length,
               min(case when t.not_before > t.created_at then t.not_before else t.created_at end) as Since
        from tasks t join jobs j on j.id = t.job_id
        where t.state = 'queued' and (t.not_before is null or t.not_before <= @now) and {LiveJob} and j.planned_at is not null
        group by j.priority
        """;

    const string WaitingPlans = $"""
        select '' as Name, count(*) as Length, min(j.created_at) as Since
        from jobs j
        where {LiveJob} and j.kind <> 'pipeline' and j.manifest is not null and j.planned_at is null
          and (j.plan_until is null or j.plan_until <= @now)
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<WaitingQueue>> WaitingAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(async s =>
        {
            IReadOnlyList<Waiting> tasks = await s.ListAsync<Waiting>(WaitingTasks, new { now = s.Now });
            Waiting? plans = await s.FirstAsync<Waiting>(WaitingPlans, new { now = s.Now });
            return (IReadOnlyList<WaitingQueue>)
            [
                .. Enum.GetValues<JobPriority>().Select(p => Of(s, QueueNames.Of(p), tasks.FirstOrDefault(w => w.Name == EnumText.Of(p)))),
                Of(s, QueueNames.Jobs, plans),
            ];
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<long> PoisonAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from poison where state = 'listed'"), cancellationToken);

    static WaitingQueue Of(IndexSession session, string queue, Waiting? found) =>
        new(queue, found?.Length ?? 0, found?.Since is { } since && since < session.Time ? session.Time - since : TimeSpan.Zero);

    sealed record Waiting
    {
        public string Name { get; init; } = "";

        public long Length { get; init; }

        public DateTimeOffset? Since { get; init; }
    }
}
