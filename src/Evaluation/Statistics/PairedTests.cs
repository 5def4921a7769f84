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

/// <summary>
/// Approximate randomisation (Riezler and Maxwell 2005): were the cells alike, it would not matter which of an item's two
/// outputs is whose; so they are swapped at random, item by item, and the differences of the scores counted.
/// </summary>
internal static class ApproximateRandomization
{
    /// <summary>The p-value.</summary>
    /// <param name="first">(n, width) one cell's items.</param>
    /// <param name="second">(n, width) the other's, in the same order.</param>
    /// <param name="width">Numbers per item.</param>
    /// <param name="options">Seed and number of trials.</param>
    /// <param name="score">The score of sums; called from several threads.</param>
    public static double Test(double[] first, double[] second, int width, BootstrapOptions options, Bootstrap.Scorer score)
    {
        double[] ofFirst = Sums(first, width), ofSecond = Sums(second, width), swaps = Swaps(first, second, width);
        double observed = Math.Abs(score(ofFirst) - score(ofSecond));
        int items = swaps.Length / width, extreme = 0;
        Parallel.For(0, options.Resamples, () => (Moved: new double[width], Sums: new double[width]), (trial, loop, room) =>
        {
            Array.Clear(room.Moved);
            var draws = new Draws(options.Seed, trial);
            ulong bits = 0;
            for (int i = 0; i < items; i++)
            {
                if (i % 64 == 0) bits = draws.Next();
                if ((bits >> (i % 64) & 1) == 0) continue;
                var swap = swaps.AsSpan(i * width, width);
                for (int k = 0; k < swap.Length; k++) room.Moved[k] += swap[k];
            }
            for (int k = 0; k < width; k++) room.Sums[k] = ofFirst[k] + room.Moved[k];
            double difference = score(room.Sums);
            for (int k = 0; k < width; k++) room.Sums[k] = ofSecond[k] - room.Moved[k];
            difference -= score(room.Sums);
            // What differs by rounding alone is as large.
            if (Math.Abs(difference) >= observed * (1 - 1e-12)) Interlocked.Increment(ref extreme);
            return room;
        }, _ => { });
        return (extreme + 1.0) / (options.Resamples + 1);
    }

    static double[] Sums(double[] rows, int width)
    {
        var sums = new double[width];
        for (int i = 0; i < rows.Length; i++) sums[i % width] += rows[i];
        return sums;
    }

    /// <summary>What a swap adds to the first's sums; items whose outputs count the same are left out.</summary>
    static double[] Swaps(double[] first, double[] second, int width)
    {
        var swaps = new List<double>();
        for (int i = 0; i < first.Length; i += width)
        {
            if (first.AsSpan(i, width).SequenceEqual(second.AsSpan(i, width))) continue;
            for (int k = i; k < i + width; k++) swaps.Add(second[k] - first[k]);
        }
        return [.. swaps];
    }
}

/// <summary>
/// The procedure of Benjamini and Hochberg (1995): p-values corrected so that, of the comparisons called different at a
/// level, at most that share is expected to be so by chance.
/// </summary>
public static class BenjaminiHochberg
{
    /// <summary>The corrected p-values, in the order of the given ones: the least p(j) m / j over ranks j from a value's own on.</summary>
    public static double[] Correct(IReadOnlyList<double> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        int[] order = [.. Enumerable.Range(0, p.Count).OrderBy(i => p[i])];
        var corrected = new double[p.Count];
        double least = 1;
        for (int rank = p.Count; rank >= 1; rank--)
        {
            int i = order[rank - 1];
            least = Math.Min(least, p[i] * ((double)p.Count / rank));
            corrected[i] = least;
        }
        return corrected;
    }
}
