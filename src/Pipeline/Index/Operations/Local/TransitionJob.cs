using System.Data.Common;
using Dapper;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Moves a job to another state: one conditional write, so that of two who try one succeeds.</summary>
internal static class TransitionJob
{
    const string Sql = """
        update jobs
        set state = @state,
            error = @error,
            owner = case when @running = 1 then @owner end,
            items_total = coalesce(@total, items_total),
            items_succeeded = coalesce(@succeeded, items_succeeded),
            items_errored = coalesce(@errored, items_errored),
            started_at = case when @running = 1 then coalesce(started_at, @now) else started_at end,
            finished_at = case when @final = 1 then @now end,
            version = version + 1
        where id = @id and state = @from
        """;

    public static int Run(DbConnection connection, string id, JobState to, string? error, ItemCounts? items, string owner, string now)
    {
        string before = connection.ExecuteScalar<string?>("select state from jobs where id = @id", new { id })
            ?? throw new InvalidOperationException($"There is no job {id}.");
        JobState from = JobStates.Parse(before) ?? throw new InvalidOperationException($"Job {id} has the unknown state {before}.");
        JobStateMachine.Demand(from, to);
        int changed = connection.Execute(Sql, new
        {
            id,
            from = before,
            state = to.Name(),
            error,
            owner,
            now,
            running = to is JobState.Running or JobState.Cancelling ? 1 : 0,
            final = to.IsFinal() ? 1 : 0,
            total = items?.Total,
            succeeded = items?.Succeeded,
            errored = items?.Errored,
        });
        return changed == 1 ? 1 : throw new InvalidOperationException($"Job {id} is no longer {before}: another process changed it.");
    }
}
