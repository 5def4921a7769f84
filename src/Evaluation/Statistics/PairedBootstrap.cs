using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>
/// The paired bootstrap (Koehn 2004): corpora drawn from the items with replacement, the same for both cells. The
/// differences, shifted to have mean 0, are what chance makes of cells that are alike.
/// </summary>
internal static class PairedBootstrap
{
    /// <summary>The p-value and the interval of the difference.</summary>
    /// <param name="first">(R) one cell's scores of the drawn corpora.</param>
    /// <param name="second">(R) the other's.</param>
    /// <param name="difference">The observed one.</param>
    public static (double P, double Low, double High) Test(double[] first, double[] second, double difference)
    {
        var differences = new double[first.Length];
        for (int r = 0; r < differences.Length; r++) differences[r] = first[r] - second[r];
        double mean = differences.Average();
        int extreme = differences.Count(d => Math.Abs(d - mean) >= Math.Abs(difference));
        var (low, high) = Bootstrap.Percentiles(differences);
        return ((extreme + 1.0) / (differences.Length + 1), low, high);
    }
}
