namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Reads tasks.</summary>
internal static class ReadTasks
{
    const string OfJob = TaskColumns.Select + " where t.job_id = @job order by t.ordinal";
    const string OfParent = TaskColumns.Select + " where t.job_id = @job and t.parent = @ordinal order by t.ordinal";
    const string ByKey = TaskColumns.Select + " where t.job_id = @job and t.ordinal = @ordinal";

    /// <summary>All of a job, by number.</summary>
    public static async Task<IReadOnlyList<TaskRow>> AllAsync(IndexSession session, string job) =>
        await session.ListAsync<TaskRow>(OfJob, new { job });

    /// <summary>Those that a task was split into.</summary>
    public static async Task<IReadOnlyList<TaskRow>> HalvesAsync(IndexSession session, TaskKey task) =>
        await session.ListAsync<TaskRow>(OfParent, new { job = task.Job, ordinal = task.Ordinal });

    /// <summary>One, locked; its job is locked already.</summary>
    public static Task<TaskRow?> LockAsync(IndexSession session, TaskKey task) =>
        session.FirstAsync<TaskRow>(ByKey + session.LockRows, new { job = task.Job, ordinal = task.Ordinal });
}

/// <summary>The columns of <see cref="TaskRow"/>, by its properties' names.</summary>
internal static class TaskColumns
{
    /// <summary>A select of all tasks, named <c>t</c>.</summary>
    public const string Select = """
        select t.job_id as JobId, t.ordinal as Ordinal, t.parent as Parent, t.kind as Kind, t.state as State, t.part as Part,
               t.first_item as FirstItem, t.item_count as ItemCount, t.byte_offset as ByteOffset, t.byte_length as ByteLength,
               t.first_line as FirstLine, t.children as Children, t.attempt as Attempt, t.failures as Failures, t.owner as Owner,
               t.claim as Claim, t.lease_until as LeaseUntil, t.not_before as NotBefore, t.error as Error, t.phase as Phase, t.unit as Unit,
               t.progress_done as ProgressDone, t.progress_total as ProgressTotal, t.progressed as Progressed, t.figures as FiguresJson,
               t.succeeded as Succeeded, t.errored as Errored, t.errors as ErrorsJson, t.cost as Cost, t.created_at as CreatedAt,
               t.started_at as StartedAt, t.finished_at as FinishedAt
        from tasks t
        """;
}

/// <summary>The files of a job, by path.</summary>
internal static class ReadArtifacts
{
    const string Sql = """
        select path as Path, kind as Kind, cell as Cell, part as Part, bytes as Bytes, lines as Lines, errored as Errored,
               nfe as Nfe, tokens as Tokens, seconds as Seconds, flops as Flops
        from artifacts where job_id = @job order by path
        """;

    public static async Task<IReadOnlyList<ArtifactRow>> RunAsync(IndexSession session, string job) =>
        await session.ListAsync<ArtifactRow>(Sql, new { job });
}
