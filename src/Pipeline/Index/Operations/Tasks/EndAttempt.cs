namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Says how a task's present attempt ended.</summary>
internal static class EndAttempt
{
    const string Sql = """
        update attempts set ended_at = @now, outcome = @outcome, error = @error
        where job_id = @job and ordinal = @ordinal and attempt = @attempt and ended_at is null
        """;

    public static Task<int> RunAsync(IndexSession session, TaskRow task, string outcome, string? error = null) =>
        session.ExecuteAsync(Sql, new { job = task.JobId, ordinal = task.Ordinal, attempt = task.Attempt, outcome, error, now = session.Now });
}
