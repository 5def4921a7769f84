namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>
/// The percentile bootstrap (Koehn 2004): corpora of the same size are drawn from the segments with replacement, and the
/// interval leaves out 2.5 % of their scores on either side. Segments are put in order first, so that the interval, like
/// the score, does not depend on the order in which they came.
/// </summary>
internal static class Bootstrap
{
    const double Confidence = 0.95;

    public delegate double Scorer(ReadOnlySpan<double> sums);

    /// <summary>The interval; null where there is no segment.</summary>
    public static (double Low, double High)? Interval(SegmentTable table, BootstrapOptions options, Scorer score) =>
        table.Count == 0 || options.Resamples == 0 ? null : Percentiles(Scores(table.ByContent(), table.Width, options, score));

    /// <summary>The scores of the resamples, in the order in which they were drawn.</summary>
    /// <param name="rows">The segments' numbers, row after row.</param>
    /// <param name="width">Numbers per segment.</param>
    /// <param name="options">Seed and number of resamples.</param>
    /// <param name="score">The score of a corpus' sums; called from several threads.</param>
    public static double[] Scores(double[] rows, int width, BootstrapOptions options, Scorer score)
    {
        var scores = new double[options.Resamples];
        int count = rows.Length / width;
        // Every resample draws from a stream of its own, so threads change nothing.
        Parallel.For(0, scores.Length, () => new double[width], (r, loop, sums) =>
        {
            Array.Clear(sums);
            var draws = new Draws(options.Seed, r);
            for (int i = 0; i < count; i++)
            {
                var drawn = rows.AsSpan(draws.Below(count) * width, width);
                for (int k = 0; k < sums.Length; k++) sums[k] += drawn[k];
            }
            scores[r] = score(sums);
            return sums;
        }, _ => { });
        return scores;
    }

    /// <summary>The ends of the interval that holds the middle 95 % of scores, which are put in order.</summary>
    public static (double Low, double High) Percentiles(double[] scores)
    {
        Array.Sort(scores);
        int tail = (int)(scores.Length * (1 - Confidence) / 2);
        return (scores[tail], scores[scores.Length - 1 - tail]);
    }
}
