using System.Text.Json.Nodes;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>What a cell's results cost.</summary>
/// <param name="Nfe">Forward passes, each item's own trajectory alone, summed.</param>
/// <param name="Tokens">Tokens of the responses.</param>
/// <param name="Seconds">Computing time, as if each item's trajectory had been run by itself.</param>
public sealed record CellCost(long Nfe, long Tokens, double Seconds)
{
    /// <summary>Seconds that half of the items don't exceed, to 1 %; null where it isn't known.</summary>
    public double? LatencyMedian { get; init; }

    /// <summary>Seconds that 95 % of the items don't exceed, to 1 %; null where it isn't known.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>Floating-point operations that the items' passes need, from the architecture; null where it isn't known.</summary>
    public double? Flops { get; init; }

    /// <summary>The most memory, in bytes, that the process had held when the job was finished; null where it isn't known.</summary>
    public long? PeakMemory { get; init; }
}

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
        return cost with
        {
            LatencyMedian = latencies.Quantile(0.5),
            LatencyP95 = latencies.Quantile(0.95),
            Flops = known.Sum(p => p.Flops)
        };
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

/// <summary>A cell as <c>OUTPUT/manifest.json</c> lists it.</summary>
/// <param name="Cell">The cell's name, which is its folder's.</param>
/// <param name="Sampler">Its sampler settings, each with one value.</param>
/// <param name="Parts">The number of its part files.</param>
/// <param name="Cost">What its results cost.</param>
public sealed record CellRecord(string Cell, JsonObject Sampler, int Parts, CellCost Cost)
{
    /// <summary>What of the sampler is an approximation, in words; null for nothing.</summary>
    public string? Approximation { get; init; }

    /// <summary>How far it agrees with the exact sampler on the items that were verified; null where none were.</summary>
    public CellAgreement? Verify { get; init; }
}

/// <summary>
/// Counts of durations in bins that are 1 % wide, so that quantiles of any number of items take little room and parts can be
/// added up. A quantile is within 1 % of the true one.
/// </summary>
public sealed class LatencyHistogram
{
    const double Ratio = 1.01;

    readonly SortedDictionary<int, long> _counts = [];

    /// <summary>The counts by bin; bin b holds durations around 1.01^b seconds.</summary>
    public IReadOnlyDictionary<int, long> Counts => _counts;

    /// <summary>Counts a duration.</summary>
    /// <param name="seconds">At least 0; those under a microsecond count as one.</param>
    public void Add(double seconds) => Add((int)Math.Round(Math.Log(Math.Max(seconds, 1e-6), Ratio)), 1);

    /// <summary>Adds the counts of another.</summary>
    public void Add(IReadOnlyDictionary<int, long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        foreach ((int bin, long count) in counts) Add(bin, count);
    }

    /// <summary>The duration that a share of all do not exceed; null where there is none.</summary>
    /// <param name="share">0 to 1.</param>
    public double? Quantile(double share)
    {
        long all = _counts.Values.Sum(), sum = 0;
        foreach ((int bin, long count) in _counts)
            if ((sum += count) >= share * all) return Math.Pow(Ratio, bin);
        return null;
    }

    void Add(int bin, long count) => _counts[bin] = _counts.GetValueOrDefault(bin) + count;
}
