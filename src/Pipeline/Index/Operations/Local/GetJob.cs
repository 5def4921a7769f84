using System.Data.Common;
using Dapper;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>A job by its id.</summary>
internal static class GetJob
{
    const string Sql = JobColumns.Select + " where id = @id";

    public static JobRow? Run(DbConnection connection, string id) => connection.QueryFirstOrDefault<JobRow>(Sql, new { id });
}
