using System.Data.Common;
using Dapper;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Replaces a job's figures. What isn't a number (a score of nothing) is left out: SQL has no NaN everywhere.</summary>
internal static class ReplaceMetrics
{
    const string Sql = """
        insert into metrics (job_id, cell, name, score, signature, low, high)
        values (@id, @Cell, @Name, @Score, @Signature, @Low, @High)
        """;

    public static int Run(DbConnection connection, string id, IReadOnlyList<MetricValue> metrics)
    {
        using DbTransaction transaction = connection.BeginTransaction();
        connection.Execute("delete from metrics where job_id = @id", new { id }, transaction);
        foreach (MetricValue m in metrics.Where(m => double.IsFinite(m.Score)))
            connection.Execute(Sql, new { id, m.Cell, m.Name, m.Score, m.Signature, m.Low, m.High }, transaction);
        transaction.Commit();
        return metrics.Count;
    }
}
