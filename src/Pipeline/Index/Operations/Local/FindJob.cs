using System.Data.Common;
using Dapper;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>The newest job with an output and a fingerprint; ids are ordered in time.</summary>
internal static class FindJob
{
    const string Sql = JobColumns.Select + " where output = @output and fingerprint = @fingerprint order by id desc limit 1";

    public static JobRow? Run(DbConnection connection, string output, string fingerprint) =>
        connection.QueryFirstOrDefault<JobRow>(Sql, new { output, fingerprint });
}
