using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The cells of finished evaluations in SQL; <see cref="SaveFigures"/> enters them.</summary>
internal sealed class SweepIndex(IndexDatabase database) : ISweepIndex
{
    const string Points = """
        select j.id as JobId, j.name as JobName, j.output as Output, j.finished_at as FinishedAt, p.cell as Cell, p.steps as Steps,
               p.preset as Preset, p.length_source as LengthSource, p.temperature as Temperature, p.sampler as Sampler, p.items as Items,
               p.forward_passes as ForwardPasses, p.tokens as Tokens, p.seconds as Seconds, p.latency_median as LatencyMedian,
               p.latency_p95 as LatencyP95, p.flops as Flops, p.peak_memory as PeakMemory,
               p.price_per_thousand_items as PricePerThousandItems, p.currency as Currency
        from sweep_points p
        join jobs j on j.id = p.job_id
        where j.kind = 'evaluate' and j.state in ('completed', 'completedWithErrors')
        """;

    const string Scores = """
        select m.job_id as JobId, m.cell as Cell, m.name as Name, m.score as Score, m.signature as Signature, m.low as Low, m.high as High
        from metrics m
        where m.job_id = @job
        """;

    /// <inheritdoc/>
    public Task<IReadOnlyList<SweepCell>> ListAsync(SweepFilter filter, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return database.ReadAsync(s => ListAsync(s, filter, limit), cancellationToken);
    }

    static async Task<IReadOnlyList<SweepCell>> ListAsync(IndexSession session, SweepFilter filter, int limit)
    {
        string condition = (filter.JobId is null ? "" : " and j.id = @job") + (filter.Name is null ? "" : " and j.name = @name")
            + session.Own("j.tenant");
        IReadOnlyList<PointRow> points =
            await session.ListAsync<PointRow>(Points + condition + " order by j.finished_at desc, j.id desc, p.steps, p.cell limit @limit",
            new { job = filter.JobId, name = filter.Name, limit });
        var cells = new List<SweepCell>(points.Count);
        foreach (var job in points.GroupBy(p => p.JobId))
        {
            IReadOnlyList<ScoreRow> scores =
                await session.ListAsync<ScoreRow>(Scores + (filter.Metric is null ? "" : " and m.name = @metric") + " order by m.name",
                    new { job = job.Key, metric = filter.Metric });
            ILookup<string, ScoreRow> byCell = scores.ToLookup(s => s.Cell, StringComparer.Ordinal);
            cells.AddRange(job.Select(p => new SweepCell(p.JobId, p.JobName, p.Output, p.FinishedAt, p.Point,
                [.. byCell[p.Cell].Select(s =>
                    new MetricValue(s.Cell, s.Name, s.Score) { Signature = s.Signature, Low = s.Low, High = s.High })])));
        }
        return cells;
    }

    sealed class PointRow
    {
        public string JobId { get; init; } = "";

        public string JobName { get; init; } = "";

        public string Output { get; init; } = "";

        public DateTimeOffset FinishedAt { get; init; }

        public string Cell { get; init; } = "";

        public long? Steps { get; init; }

        public string? Preset { get; init; }

        public string? LengthSource { get; init; }

        public double? Temperature { get; init; }

        public string? Sampler { get; init; }

        public long? Items { get; init; }

        public long? ForwardPasses { get; init; }

        public long? Tokens { get; init; }

        public double? Seconds { get; init; }

        public double? LatencyMedian { get; init; }

        public double? LatencyP95 { get; init; }

        public double? Flops { get; init; }

        public long? PeakMemory { get; init; }

        public double? PricePerThousandItems { get; init; }

        public string? Currency { get; init; }

        public SweepPoint Point => new(Cell)
        {
            Steps = Steps,
            Preset = Preset,
            LengthSource = LengthSource,
            Temperature = Temperature,
            Sampler = Sampler,
            Items = Items,
            ForwardPasses = ForwardPasses,
            Tokens = Tokens,
            Seconds = Seconds,
            LatencyMedian = LatencyMedian,
            LatencyP95 = LatencyP95,
            Flops = Flops,
            PeakMemory = PeakMemory,
            PricePerThousandItems = PricePerThousandItems,
            Currency = Currency,
        };
    }

    sealed class ScoreRow
    {
        public string Cell { get; init; } = "";

        public string Name { get; init; } = "";

        public double Score { get; init; }

        public string? Signature { get; init; }

        public double? Low { get; init; }

        public double? High { get; init; }
    }
}
