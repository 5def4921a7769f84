namespace DiffusionBatch.Bench;

/// <summary>Seconds of one call: the median of the samples, and the best, which a busy machine disturbs least.</summary>
internal readonly record struct Timing(double Median, double Best)
{
    /// <summary>Of at least one sample.</summary>
    internal static Timing Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return new Timing((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0]);
    }
}
