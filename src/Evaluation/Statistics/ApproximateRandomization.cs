using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Statistics;

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
