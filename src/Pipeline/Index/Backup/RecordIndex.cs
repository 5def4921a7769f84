namespace DiffusionBatch.Pipeline.Index;

/// <summary>See <see cref="IRecordIndex"/>; whatever a table's columns, its rows are kept and entered as they are.</summary>
internal sealed class RecordIndex(IndexDatabase database) : IRecordIndex
{
    const string Ticks = "schedule_ticks";

    const string Owner = "case when t.tenant = '' then 'default' else t.tenant end";

    // Of each schedule; times before those come back where they had a run.
    const int MostTicks = 1000;

    const string Mark = """
        insert into saved_records (kind, record, mark) values (@kind, @record, @mark)
        on conflict (kind, record) do update set mark = excluded.mark
        """;

    const string LatestTicks =
        $"select * from {Ticks} where tenant = @owner and schedule = @name order by scheduled_for desc limit @limit";

    // Of a schedule that was made again under its name, the jobs before are none.
    const string TicksOfJobs = $"""
        insert into {Ticks} (tenant, schedule, scheduled_for, outcome, job_id)
        select j.tenant, j.schedule, j.scheduled_for, 'submitted', j.id
        from jobs j join schedules s on s.tenant = j.tenant and s.name = j.schedule
        where j.parent_id is null and j.scheduled_for is not null and j.created_at >= s.created_at
        on conflict do nothing
        """;

    // What is found of them in the container is taken as it is.
    const string CheckAgain = """
        update batches set status = 'validating', job_id = null, outcome = null, in_progress_at = null, finalizing_at = null
        where finished_at is null and status in ('in_progress', 'finalizing') and job_id is not null
          and not exists (select 1 from jobs j where j.id = batches.job_id)
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordName>> UnsavedAsync(RecordKind kind, int limit, CancellationToken cancellationToken = default)
    {
        (string table, string record, string mark) = Shape(kind);
        return NamesAsync(kind, $"""
            select {record} as Record, {mark} as Mark from {table} t
            where not exists (select 1 from saved_records s where s.kind = @kind and s.record = {record} and s.mark = {mark})
            order by 1 limit @limit
            """, limit, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordName>> RemovedAsync(RecordKind kind, int limit, CancellationToken cancellationToken = default)
    {
        (string table, string record, _) = Shape(kind);
        return NamesAsync(kind, $"""
            select s.record as Record, s.mark as Mark from saved_records s
            where s.kind = @kind and not exists (select 1 from {table} t where {record} = s.record) order by 1 limit @limit
            """, limit, cancellationToken);
    }

    Task<IReadOnlyList<RecordName>> NamesAsync(RecordKind kind, string sql, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<RecordName>>(
            async s =>
            {
                var names = await s.ListAsync<(string Record, string Mark)>(sql,
                    new { kind = KeptRecord.Table(kind), limit = (long)limit });
                return [.. names.Select(n => new RecordName(kind, n.Record, n.Mark))];
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<KeptRecord?> ReadAsync(RecordName name, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => ReadAsync(s, name), cancellationToken);

    static async Task<KeptRecord?> ReadAsync(IndexSession session, RecordName name)
    {
        (string table, string record, _) = Shape(name.Kind);
        var tables = new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, object?>>>(StringComparer.Ordinal);
        IReadOnlyList<IReadOnlyDictionary<string, object?>> own =
            await BackupRows.ReadAsync(session, $"select t.* from {table} t where {record} = @record", new { record = name.Record });
        if (own is not [{ } row]) return null;
        tables[table] = own;
        if (name.Kind == RecordKind.Schedules)
            tables[Ticks] = await BackupRows.ReadAsync(session, LatestTicks,
                new { owner = (string)row["tenant"]!, name = (string)row["name"]!, limit = (long)MostTicks });
        return new KeptRecord(name, tables);
    }

    /// <inheritdoc/>
    public Task MarkSavedAsync(RecordName name, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => s.ExecuteAsync(Mark, Arguments(name)), cancellationToken);

    /// <inheritdoc/>
    public Task ForgetAsync(RecordName name, CancellationToken cancellationToken = default) => database.WriteAsync(
        s => s.ExecuteAsync("delete from saved_records where kind = @kind and record = @record", Arguments(name)), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(KeptRecord record, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s =>
        {
            string table = KeptRecord.Table(record.Name.Kind);
            if (record.Tables.GetValueOrDefault(table, []) is not [{ } own]) return false;
            // An earlier try of this call entered it.
            if (await BackupRows.InsertAsync(s, table, own, column => own[column]) == 0) return s.Retried;
            foreach (var row in record.Tables.GetValueOrDefault(Ticks, []))
                await BackupRows.InsertAsync(s, Ticks, row, column => row[column]);
            await s.ExecuteAsync(Mark, Arguments(record.Name));
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task ReconcileAsync(CancellationToken cancellationToken = default) => database.WriteAsync(
        async s => await s.ExecuteAsync(TicksOfJobs) + await s.ExecuteAsync(CheckAgain), cancellationToken);

    static object Arguments(RecordName name) => new { kind = KeptRecord.Table(name.Kind), record = name.Record, mark = name.Mark };

    // A row's name and mark, of its columns: what never changes has the mark of its beginning.
    static (string Table, string Record, string Mark) Shape(RecordKind kind) => (KeptRecord.Table(kind),
        kind switch
        {
            RecordKind.Schedules => $"{Owner} || '/' || t.name",
            RecordKind.Quotas => Owner,
            _ => "t.id",
        },
        kind switch
        {
            RecordKind.Schedules => "t.created_at || ' ' || cast(t.version as text)",
            RecordKind.Batches => "t.status || ' ' || coalesce(t.outcome, '') || ' ' || coalesce(t.job_id, '')",
            RecordKind.Quotas => $"{Number("most_items")} || ' ' || {Number("most_bytes")} || ' ' || {Number("most_tasks")}",
            _ => "t.created_at",
        });

    static string Number(string column) => $"coalesce(cast(t.{column} as text), '-')";
}
