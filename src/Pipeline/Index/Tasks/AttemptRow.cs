namespace DiffusionBatch.Pipeline.Index;

/// <summary>A claim of a task by a worker, as the index keeps it; names follow the columns.</summary>
public sealed record AttemptRow
{
    /// <summary>A select of the claims of a job's tasks in a range of numbers, both ends included.</summary>
    internal const string OfTasks = """
        select a.ordinal as Ordinal, a.attempt as Attempt, a.owner as Owner, a.started_at as StartedAt, a.ended_at as EndedAt,
               a.outcome as Outcome, a.error as Error
        from attempts a
        where a.job_id = @job and a.ordinal between @first and @last
        order by a.ordinal, a.attempt
        """;

    /// <summary>The task's number in the job.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The claim's number, from 1: the fencing token.</summary>
    public required int Attempt { get; init; }

    /// <summary>The worker.</summary>
    public required string Owner { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, or null: it goes on.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended: completed, givenBack, failed, stopped, lapsed, split or poisoned; null while it goes on.</summary>
    public string? Outcome { get; init; }

    /// <summary>What failed, or null.</summary>
    public string? Error { get; init; }
}
