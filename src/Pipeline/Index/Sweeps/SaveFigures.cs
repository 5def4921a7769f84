using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Enters a job's figures and cells, or corrects them. What isn't a number (a score of nothing) is left out: SQL has no NaN everywhere.
/// </summary>
internal static class SaveFigures
{
    static readonly BatchInsert s_metrics = new(
        "metrics",
        ["job_id", "cell", "name", "score", "signature", "low", "high"],
        "on conflict (job_id, cell, name) do update set score = excluded.score, signature = excluded.signature, low = excluded.low, high "
            + "= excluded.high");

    static readonly BatchInsert s_points = new(
        "sweep_points",
        [
            "job_id", "cell", "steps", "preset", "length_source", "temperature", "sampler", "items", "forward_passes", "tokens", "seconds",
            "latency_median", "latency_p95", "flops", "peak_memory", "price_per_thousand_items", "currency",
        ],
        """
        on conflict (job_id, cell) do update
        set steps = excluded.steps, preset = excluded.preset, length_source = excluded.length_source, temperature = excluded.temperature,
            sampler = excluded.sampler, items = excluded.items, forward_passes = excluded.forward_passes, tokens = excluded.tokens,
            seconds = excluded.seconds, latency_median = excluded.latency_median, latency_p95 = excluded.latency_p95,
            flops = excluded.flops, peak_memory = excluded.peak_memory,
            price_per_thousand_items = excluded.price_per_thousand_items, currency = excluded.currency
        """);

    public static Task<int> MetricsAsync(IndexSession session, string job, IReadOnlyList<MetricValue> metrics) =>
        session.InsertAsync(s_metrics,
            [.. metrics.Where(m => double.IsFinite(m.Score))
                .Select(m => new object?[] { job, m.Cell, m.Name, m.Score, m.Signature, m.Low, m.High })]);

    public static Task<int> SweepPointsAsync(IndexSession session, string job, IReadOnlyList<SweepPoint> points) =>
        session.InsertAsync(s_points,
        [
            .. points.Select(p => new object?[]
            {
                job, p.Cell, p.Steps, p.Preset, p.LengthSource, p.Temperature, p.Sampler, p.Items, p.ForwardPasses, p.Tokens, p.Seconds,
                p.LatencyMedian, p.LatencyP95, p.Flops, p.PeakMemory, p.PricePerThousandItems, p.Currency,
            }),
        ]);
}
