using DiffusionBatch.Contracts.OpenAi;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>See <see cref="IBatchIndex"/>.</summary>
internal sealed class BatchIndex(IndexDatabase database) : IBatchIndex
{
    const string InsertFile = """
        insert into files (id, tenant, name, purpose, path, bytes, created_at, expires_at)
        values (@Id, @owner, @Name, @Purpose, @Path, @Bytes, @CreatedAt, @ExpiresAt)
        on conflict do nothing
        """;

    const string InsertBatch = """
        insert into batches (id, tenant, endpoint, input_file, time_window, output_seconds, metadata, status, created_at, expires_at)
        values (@Id, @owner, @Endpoint, @InputFile, @TimeWindow, @OutputSeconds, @MetadataJson, 'validating', @CreatedAt, @ExpiresAt)
        on conflict do nothing
        """;

    const string Start = """
        update batches
        set job_id = @JobId, model = @Model, total = @Total, rejected = @Rejected, answers = @Answers,
            in_progress_at = case when status = 'validating' then @now else in_progress_at end,
            status = case when status = 'validating' then 'in_progress' else status end
        where id = @id and finished_at is null
        """;

    const string Cancel = """
        update batches set status = 'cancelling', cancelling_at = @now
        where id = @id and status in ('validating', 'in_progress')
        """;

    // A batch that is being cancelled stays so to its end.
    const string Finalize = """
        update batches
        set outcome = @outcome, finalizing_at = case when status = 'cancelling' then finalizing_at else @now end,
            status = case when status = 'cancelling' then status else 'finalizing' end
        where id = @id and outcome is null and finished_at is null
        """;

    const string Finish = """
        update batches
        set status = @status, errors = @errors, output_file = @output, error_file = @error, completed = @Completed, failed = @Failed,
            prompt_tokens = @PromptTokens, completion_tokens = @CompletionTokens, finished_at = @now
        where id = @id and finished_at is null
        """;

    /// <inheritdoc/>
    public Task AddFileAsync(FileRow file, CancellationToken cancellationToken = default) =>
        database.WriteAsync(async s =>
        {
            // An earlier try of this call has it in already.
            if (!s.Retried) await TenantQuotas.DemandBytesAsync(s, s.Tenant ?? file.Tenant, file.Bytes);
            return await AddFileAsync(s, file);
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<FileRow?> FileAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => s.FirstAsync<FileRow>(FileRow.Select + " where f.id = @id" + s.Own("f.tenant"), new { id }),
            cancellationToken);

    /// <inheritdoc/>
    public Task<RowPage<FileRow>> FilesAsync(string? purpose, PageRequest page,
        CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            s => PageAsync<FileRow>(s, FileRow.Select, purpose is null ? "" : " and f.purpose = @purpose", "f", purpose, page),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveFileAsync(string id, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            async s => await s.ExecuteAsync("delete from files where id = @id" + s.Own("tenant"), new { id }) > 0
                || s.Retried, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FileRow>> ExpiredFilesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            s => s.ListAsync<FileRow>($"{FileRow.Select} where f.expires_at <= @now{s.Own("f.tenant")} order by f.id", new { now = s.Now }),
            cancellationToken);

    /// <inheritdoc/>
    public Task<BatchRow> AddAsync(BatchRow batch, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s =>
        {
            await TenantQuotas.DemandRoomAsync(s, s.Tenant ?? batch.Tenant);
            await s.ExecuteAsync(InsertBatch, new
            {
                batch.Id,
                owner = s.Tenant ?? batch.Tenant,
                batch.Endpoint,
                batch.InputFile,
                batch.TimeWindow,
                batch.OutputSeconds,
                batch.MetadataJson,
                CreatedAt = Timestamp.Of(batch.CreatedAt),
                ExpiresAt = Timestamp.Of(batch.ExpiresAt),
            });
            return await RequireAsync(s, batch.Id);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<BatchRow?> GetAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => GetAsync(s, id), cancellationToken);

    /// <inheritdoc/>
    public Task<RowPage<BatchRow>> ListAsync(PageRequest page, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => PageAsync<BatchRow>(s, BatchRow.Select, "", "b", null, page), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BatchRow>> OpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            s => s.ListAsync<BatchRow>($"{BatchRow.Select} where b.finished_at is null{s.Own("b.tenant")} order by b.id"),
            cancellationToken);

    /// <inheritdoc/>
    public Task<BatchRow> StartAsync(string id, BatchStart start, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s =>
        {
            await s.ExecuteAsync(Start, new { id, start.JobId, start.Model, start.Total, start.Rejected, start.Answers, now = s.Now });
            return await RequireAsync(s, id);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<BatchRow?> CancelAsync(string id, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s =>
        {
            await s.ExecuteAsync(Cancel + s.Own("tenant"), new { id, now = s.Now });
            return await GetAsync(s, id);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FinalizeAsync(string id, BatchStatus outcome, CancellationToken cancellationToken = default) => database.WriteAsync(
        async s => await s.ExecuteAsync(Finalize, new { id, outcome = outcome.Name(), now = s.Now }) > 0 || s.Retried, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FinishAsync(string id, BatchEnd end, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => FinishAsync(s, id, end), cancellationToken);

    static async Task<bool> FinishAsync(IndexSession session, string id, BatchEnd end)
    {
        if (!end.Status.IsFinal()) throw new ArgumentException($"{end.Status.Name()} is no end.", nameof(end));
        int changed = await session.ExecuteAsync(Finish, new
        {
            id,
            status = end.Status.Name(),
            errors = end.Errors.Count == 0 ? null : IndexJson.Write(end.Errors),
            output = end.Output?.Id,
            error = end.ErrorFile?.Id,
            end.Completed,
            end.Failed,
            end.PromptTokens,
            end.CompletionTokens,
            now = session.Now,
        });
        // Ended by an earlier try of this call, or by another.
        if (changed == 0) return session.Retried && (await RequireAsync(session, id)).Status == end.Status;
        if (end.Output is not null) await AddFileAsync(session, end.Output);
        if (end.ErrorFile is not null) await AddFileAsync(session, end.ErrorFile);
        return true;
    }

    static Task<int> AddFileAsync(IndexSession session, FileRow file) => session.ExecuteAsync(InsertFile, new
    {
        file.Id,
        owner = session.Tenant ?? file.Tenant,
        file.Name,
        file.Purpose,
        file.Path,
        file.Bytes,
        CreatedAt = Timestamp.Of(file.CreatedAt),
        ExpiresAt = Timestamp.Of(file.ExpiresAt),
    });

    static Task<BatchRow?> GetAsync(IndexSession session, string id) =>
        session.FirstAsync<BatchRow>(BatchRow.Select + " where b.id = @id" + session.Own("b.tenant"), new { id });

    static async Task<BatchRow> RequireAsync(IndexSession session, string id) =>
        await GetAsync(session, id)
            ?? throw new InvalidOperationException($"There is no batch {id}.");

    // Ids are ordered in time, so that a page goes on behind the last id of the one before, whatever came in between.
    static async Task<RowPage<T>> PageAsync<T>(IndexSession session, string select, string which, string table, string? purpose,
        PageRequest page)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page.Limit, 1);
        string sql = $"{select} where 1 = 1{which}{session.Own(table + ".tenant")}"
            + (page.After is null ? "" : $" and {table}.id {(page.OldestFirst ? ">" : "<")} @after")
            + $" order by {table}.id{(page.OldestFirst ? "" : " desc")} limit @limit";
        IReadOnlyList<T> rows = await session.ListAsync<T>(sql, new { purpose, after = page.After, limit = page.Limit + 1L });
        return rows.Count <= page.Limit ? new RowPage<T>(rows, false) : new RowPage<T>([.. rows.Take(page.Limit)], true);
    }
}
