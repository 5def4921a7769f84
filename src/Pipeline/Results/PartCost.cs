namespace DiffusionBatch.Pipeline.Results;

/// <summary>What a finished part's items took, beyond what its lines say.</summary>
/// <param name="Seconds">Computing time.</param>
/// <param name="Flops">Floating-point operations that the items' passes need.</param>
/// <param name="Latencies">The items' times by the bins of <see cref="LatencyHistogram"/>.</param>
internal sealed record PartCost(double Seconds, double Flops, IReadOnlyDictionary<int, long> Latencies)
{
    /// <summary>Sums a part's results; items with errors took no pass and are left out of the latencies.</summary>
    public static PartCost Of(IEnumerable<ResultRow> rows)
    {
        double seconds = 0, flops = 0;
        var latencies = new LatencyHistogram();
        foreach (ResultRow row in rows)
        {
            seconds += row.Seconds;
            flops += row.Flops;
            if (row.ErrorCode is null) latencies.Add(row.Seconds);
        }
        return new PartCost(seconds, flops, latencies.Counts);
    }
}
