namespace DiffusionBatch.Pipeline.Index;

/// <summary>Jobs' rows in SQL, whatever their columns: a table that gets another one needs no line here.</summary>
internal sealed class BackupIndex(IndexDatabase database) : IBackupIndex
{
    const string Needs = "job_dependencies";

    const string Unsaved = """
        select id from jobs where finished_at is not null and (saved_version is null or saved_version < version)
        order by finished_at, id limit @limit
        """;

    // Each after those that its rows refer to.
    static readonly string[] s_tables = ["jobs", "tasks", "attempts", "artifacts", "items", "metrics", "sweep_points", "poison", Needs];

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> UnsavedAsync(int limit, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.ListAsync<string>(Unsaved, new { limit = (long)limit }), cancellationToken);

    /// <inheritdoc/>
    public Task<JobRecord?> ReadAsync(string job, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => ReadAsync(s, job), cancellationToken);

    static async Task<JobRecord?> ReadAsync(IndexSession session, string job)
    {
        var tables = new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, object?>>>(StringComparer.Ordinal);
        foreach (string table in s_tables)
        {
            var rows = await BackupRows.ReadAsync(session, $"select * from {table} where {(table == "jobs" ? "id" : "job_id")} = @job",
                new { job });
            tables[table] = [.. rows.Select(row => row.Where(c => !IsOwn(table, c.Key)).ToDictionary())];
        }
        return tables["jobs"] is [{ } own] ? new JobRecord(job, Convert.ToInt64(own["version"], null), tables) : null;
    }

    /// <inheritdoc/>
    public Task MarkSavedAsync(string job, long version, CancellationToken cancellationToken = default) => database.WriteAsync(
        s => s.ExecuteAsync("update jobs set saved_version = @version where id = @job", new { job, version }), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RestoreAsync(JobRecord record, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => RestoreAsync(s, record), cancellationToken);

    static async Task<bool> RestoreAsync(IndexSession session, JobRecord record)
    {
        if (await JobIndex.GetAsync(session, record.Job) is not null) return session.Retried;
        bool hasParent = record.Parent is { } parent && await JobIndex.GetAsync(session, parent) is not null;
        foreach (string table in s_tables.Where(t => t != Needs))
            foreach (var row in record.Tables.GetValueOrDefault(table, []))
                await BackupRows.InsertAsync(session, table, row, column => column switch
                {
                    // A pipeline that hadn't ended isn't there.
                    "parent_id" when !hasParent => null,
                    "saved_version" => record.Version,
                    _ => row[column],
                });
        return true;
    }

    /// <inheritdoc/>
    public Task RestoreNeedsAsync(JobRecord record, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s =>
        {
            foreach (var row in record.Tables.GetValueOrDefault(Needs, []))
                if (await JobIndex.GetAsync(s, (string)row["needs_id"]!) is not null)
                    await BackupRows.InsertAsync(s, Needs, row, column => row[column]);
            return true;
        },
        cancellationToken);

    // A number that the database gave, which means nothing elsewhere.
    static bool IsOwn(string table, string column) => table == "poison" && column == "id";
}
