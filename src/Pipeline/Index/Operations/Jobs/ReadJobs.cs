namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Reads jobs one by one.</summary>
internal static class ReadJobs
{
    const string ById = JobColumns.Select + " where j.id = @id";
    const string ByParent = JobColumns.Select + " where j.parent_id = @id order by j.place";
    const string Finished = "select count(*) from jobs where output = @output and fingerprint = @fingerprint and state in ('completed', 'completedWithErrors')";
    const string Needs = "select needs_id from job_dependencies where job_id = @id order by needs_id";

    public static Task<JobRow?> GetAsync(IndexSession session, string id) => session.FirstAsync<JobRow>(ById, new { id });

    public static async Task<IReadOnlyList<JobRow>> ChildrenAsync(IndexSession session, string id) =>
        await session.ListAsync<JobRow>(ByParent, new { id });

    public static async Task<bool> HasFinishedAsync(IndexSession session, string output, string fingerprint) =>
        await session.ScalarAsync<long>(Finished, new { output, fingerprint }) > 0;

    public static async Task<IReadOnlyList<string>> NeedsAsync(IndexSession session, string id) =>
        await session.ListAsync<string>(Needs, new { id });
}

/// <summary>The columns of <see cref="JobRow"/>, by its properties' names.</summary>
internal static class JobColumns
{
    /// <summary>A select of all jobs, named <c>j</c>.</summary>
    public const string Select = """
        select j.id as Id, j.name as Name, j.kind as Kind, j.output as Output, j.fingerprint as Fingerprint, j.state as State,
               j.owner as Owner, j.error as Error, j.items_total as ItemsTotal, j.items_succeeded as ItemsSucceeded,
               j.items_errored as ItemsErrored, j.tasks_total as TasksTotal, j.priority as Priority, j.manifest as Manifest,
               j.parent_id as ParentId, j.plan_attempt as PlanAttempt, j.planned_at as PlannedAt, j.expires_at as ExpiresAt,
               j.input_etag as InputEtag, j.problems as ProblemsJson, j.warnings as WarningsJson,
               j.estimate_seconds as EstimateSeconds, j.version as Version, j.created_at as CreatedAt,
               j.started_at as StartedAt, j.finished_at as FinishedAt
        from jobs j
        """;
}
