namespace DiffusionBatch.Pipeline.Results;

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
