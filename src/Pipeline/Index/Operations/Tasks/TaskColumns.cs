namespace DiffusionBatch.Pipeline.Index.Operations;

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
