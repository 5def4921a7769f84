using System.Data.Common;
using Dapper;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Says how many tasks a job has.</summary>
internal static class SetTaskCount
{
    const string Sql = "update jobs set tasks_total = @total where id = @id";

    public static int Run(DbConnection connection, string id, long total) => connection.Execute(Sql, new { id, total });
}
