using System.Data.Common;
using Dapper;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Enters a job.</summary>
internal static class InsertJob
{
    const string Sql = """
        insert into jobs (id, name, kind, output, fingerprint, state, items_total, items_succeeded, items_errored, tasks_total, created_at)
        values (@Id, @Name, @Kind, @Output, @Fingerprint, @State, @ItemsTotal, @ItemsSucceeded, @ItemsErrored, @TasksTotal, @CreatedAt)
        """;

    public static int Run(DbConnection connection, JobRow job, string now) => connection.Execute(Sql, new
    {
        job.Id,
        job.Name,
        Kind = EnumText.Of(job.Kind),
        job.Output,
        job.Fingerprint,
        State = job.State.Name(),
        job.ItemsTotal,
        job.ItemsSucceeded,
        job.ItemsErrored,
        job.TasksTotal,
        CreatedAt = now,
    });
}
