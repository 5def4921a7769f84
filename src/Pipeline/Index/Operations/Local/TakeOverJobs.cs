using System.Data.Common;
using Dapper;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Frees the jobs of processes that are gone, by the state machine's transitions.</summary>
internal static class TakeOverJobs
{
    const string Sql = "update jobs set state = @to, owner = null, version = version + 1 where state = @from and manifest is null";

    public static int Run(DbConnection connection) =>
        Move(connection, JobState.Running, JobState.Queued) + Move(connection, JobState.Cancelling, JobState.Cancelled);

    static int Move(DbConnection connection, JobState from, JobState to)
    {
        JobStateMachine.Demand(from, to);
        return connection.Execute(Sql, new { from = from.Name(), to = to.Name() });
    }
}
