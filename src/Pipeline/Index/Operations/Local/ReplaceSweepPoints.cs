using System.Data.Common;
using Dapper;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Replaces the cells of an evaluation.</summary>
internal static class ReplaceSweepPoints
{
    const string Sql = """
        insert into sweep_points (job_id, cell, steps, preset, length_source, temperature, sampler, items, forward_passes, tokens, seconds,
                                  latency_median, latency_p95, flops, peak_memory, price_per_thousand_items, currency)
        values (@id, @Cell, @Steps, @Preset, @LengthSource, @Temperature, @Sampler, @Items, @ForwardPasses, @Tokens, @Seconds,
                @LatencyMedian, @LatencyP95, @Flops, @PeakMemory, @PricePerThousandItems, @Currency)
        """;

    public static int Run(DbConnection connection, string id, IReadOnlyList<SweepPoint> points)
    {
        using DbTransaction transaction = connection.BeginTransaction();
        connection.Execute("delete from sweep_points where job_id = @id", new { id }, transaction);
        foreach (SweepPoint p in points)
        {
            connection.Execute(Sql, new
            {
                id,
                p.Cell,
                p.Steps,
                p.Preset,
                p.LengthSource,
                p.Temperature,
                p.Sampler,
                p.Items,
                p.ForwardPasses,
                p.Tokens,
                p.Seconds,
                p.LatencyMedian,
                p.LatencyP95,
                p.Flops,
                p.PeakMemory,
                p.PricePerThousandItems,
                p.Currency,
            }, transaction);
        }
        transaction.Commit();
        return points.Count;
    }
}
