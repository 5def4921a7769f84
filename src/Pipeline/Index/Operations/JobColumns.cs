namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>The columns of <see cref="JobRow"/>, by its properties' names.</summary>
internal static class JobColumns
{
    /// <summary>The list for a select.</summary>
    public const string Select = """
        select id as Id, name as Name, kind as Kind, output as Output, fingerprint as Fingerprint, state as State,
               owner as Owner, error as Error, items_total as ItemsTotal, items_succeeded as ItemsSucceeded,
               items_errored as ItemsErrored, tasks_total as TasksTotal, created_at as CreatedAt,
               started_at as StartedAt, finished_at as FinishedAt
        from jobs
        """;
}
