using System.Data.Common;
using Dapper;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Enters a finished task, or corrects it.</summary>
internal static class UpsertTask
{
    const string Sql = """
        insert into tasks (job_id, cell, part, state, nfe, tokens, seconds, finished_at)
        values (@JobId, @Cell, @Part, 'completed', @Nfe, @Tokens, @Seconds, @now)
        on conflict (job_id, cell, part) do update
        set state = excluded.state, nfe = excluded.nfe, tokens = excluded.tokens, seconds = excluded.seconds, finished_at = excluded.finished_at
        """;

    public static int Run(DbConnection connection, TaskRow task, string now) =>
        connection.Execute(Sql, new { task.JobId, task.Cell, task.Part, task.Nfe, task.Tokens, task.Seconds, now });
}
