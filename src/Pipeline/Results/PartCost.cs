namespace DiffusionBatch.Pipeline.Results;

/// <summary>What a finished part's items took, beyond what its lines say.</summary>
/// <param name="Seconds">Computing time.</param>
/// <param name="Flops">Floating-point operations that the items' passes need.</param>
/// <param name="Latencies">The items' times by the bins of <see cref="LatencyHistogram"/>.</param>
internal sealed record PartCost(double Seconds, double Flops, IReadOnlyDictionary<int, long> Latencies)
{
    /// <summary>What a cell's parts took together.</summary>
    /// <param name="nfe">Their forward passes.</param>
    /// <param name="tokens">Their tokens.</param>
    /// <param name="parts">What each took; null where that isn't known.</param>
    public static CellCost Sum(long nfe, long tokens, IReadOnlyCollection<PartCost?> parts)
    {
        PartCost[] known = [.. parts.OfType<PartCost>()];
        var cost = new CellCost(nfe, tokens, known.Sum(p => p.Seconds));
        // A part whose journal was lost leaves gaps that no quantile may hide.
        if (known.Length < parts.Count) return cost;
        var latencies = new LatencyHistogram();
        foreach (PartCost part in known) latencies.Add(part.Latencies);
        return cost with { LatencyMedian = latencies.Quantile(0.5), LatencyP95 = latencies.Quantile(0.95), Flops = known.Sum(p => p.Flops) };
    }

    /// <summary>What several parts took, as if they were one.</summary>
    public static PartCost Merge(IReadOnlyList<PartCost> parts)
    {
        var latencies = new LatencyHistogram();
        foreach (PartCost part in parts) latencies.Add(part.Latencies);
        return new PartCost(parts.Sum(p => p.Seconds), parts.Sum(p => p.Flops), latencies.Counts);
    }

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
