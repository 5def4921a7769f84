using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Schedules in SQL: here making, reading and changing them, in the file beside it their times.</summary>
internal sealed partial class ScheduleIndex(IndexDatabase database) : IScheduleIndex
{
    const string Select = """
        select s.name as Name, s.cron as Cron, s.time_zone as TimeZone, s.manifest as Manifest, s.overlap as Overlap, s.missed as Missed,
               s.paused = 1 as IsPaused, s.next_at as NextAt, s.runs as Runs, s.created_at as CreatedAt, s.changed_at as ChangedAt,
               s.version as Version, s.tenant as TenantName
        from schedules s
        """;

    const string Insert = """
        insert into schedules (tenant, name, cron, time_zone, manifest, overlap, missed, paused, next_at, created_at, changed_at, version)
        values (@owner, @name, @cron, @zone, @manifest, @overlap, @missed, @paused, @next, @now, @now, 1)
        on conflict do nothing
        """;

    const string Update = """
        update schedules
        set cron = @cron, time_zone = @zone, manifest = @manifest, overlap = @overlap, missed = @missed, paused = @paused, next_at = @next,
            changed_at = @now, version = version + 1
        where tenant = @owner and name = @name and version = @version
        """;

    const string Ticks = """
        select t.scheduled_for as ScheduledFor, t.outcome as Outcome, t.job_id as JobId, t.reason as Reason
        from schedule_ticks t where t.schedule = @name
        """;

    // A run has ended once its job, for a pipeline the parent, has.
    const string Running = "exists (select 1 from jobs j where j.schedule = s.name and j.tenant = s.tenant and j.parent_id is null and "
        + "j.finished_at is null)";

    const string Due = $"""
        {Select}
        where s.paused = 0 and (s.next_at <= @now or (not {Running}
            and exists (select 1 from schedule_ticks t where t.tenant = s.tenant and t.schedule = s.name and t.outcome = 'waiting')))
        order by s.tenant, s.name
        """;

    const string Waiting = $"""
        select min(t.scheduled_for) from schedule_ticks t join schedules s on s.tenant = t.tenant and s.name = t.schedule
        where t.schedule = @name and t.outcome = 'waiting' and s.paused = 0 and not {Running}
        """;

    /// <inheritdoc/>
    public Task<bool> AddAsync(ScheduleRow schedule, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            async s => await s.ExecuteAsync(Insert, Columns(s, schedule)) == 1
                // An earlier try of this call made it.
                || (s.Retried && await GetAsync(s, schedule.Name) is { Version: 1 } mine && Timestamp.Of(mine.CreatedAt) == s.Now),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ChangeAsync(ScheduleRow schedule, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            async s => await s.ExecuteAsync(Update, Columns(s, schedule)) == 1
                || (s.Retried && await GetAsync(s, schedule.Name) is { } mine && mine.Version == schedule.Version + 1
                    && Timestamp.Of(mine.ChangedAt) == s.Now),
            cancellationToken);

    /// <inheritdoc/>
    public Task<ScheduleRow?> GetAsync(string name, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => GetAsync(s, name), cancellationToken);

    static Task<ScheduleRow?> GetAsync(IndexSession session, string name) =>
        session.FirstAsync<ScheduleRow>(Select + " where s.name = @name" + session.Own("s.tenant"), new { name });

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScheduleRow>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<ScheduleRow>(Select + " where 1 = 1" + s.Own("s.tenant") + " order by s.name, s.tenant"),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            async s => await s.ExecuteAsync("delete from schedules where name = @name" + s.Own("tenant"), new { name }) == 1
                || s.Retried, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TickRow>> TicksAsync(string name, int limit, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<TickRow>(Ticks + s.Own("t.tenant") + " order by t.scheduled_for desc limit @limit",
            new { name, limit }), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScheduleRow>> DueAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<ScheduleRow>(Due, new { now = s.Now }), cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> WaitingAsync(string name, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            async s => await s.ScalarAsync<string>(Waiting + s.Own("s.tenant"), new { name }) is { } text
                ? Timestamp.Parse(text)
                : (DateTimeOffset?)null,
            cancellationToken);

    static object Columns(IndexSession session, ScheduleRow schedule) => new
    {
        owner = session.Tenant ?? schedule.Tenant.Value,
        name = schedule.Name,
        cron = schedule.Cron,
        zone = schedule.TimeZone,
        manifest = schedule.Manifest,
        overlap = EnumText.Of(schedule.Overlap),
        missed = EnumText.Of(schedule.Missed),
        paused = schedule.IsPaused ? 1 : 0,
        next = Timestamp.Of(schedule.NextAt),
        version = schedule.Version,
        now = session.Now,
    };
}
