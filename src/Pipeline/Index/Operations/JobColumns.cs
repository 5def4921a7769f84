namespace DiffusionBatch.Pipeline.Index.Operations;

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
