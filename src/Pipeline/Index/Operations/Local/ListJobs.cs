using System.Data.Common;
using Dapper;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>All jobs, the newest first.</summary>
internal static class ListJobs
{
    const string Sql = JobColumns.Select + " order by id desc";

    public static IReadOnlyList<JobRow> Run(DbConnection connection) => [.. connection.Query<JobRow>(Sql)];
}
