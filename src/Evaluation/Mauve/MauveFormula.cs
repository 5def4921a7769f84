using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Mauve;

/// <summary>
/// MAUVE of two samples of feature vectors (Pillutla et al. 2021): principal components, k-means over both samples together,
/// the divergence frontier of the two histograms; averaged over seeds, for one seed proves nothing.
/// </summary>
public static class MauveFormula
{
    /// <summary>The score of two samples.</summary>
    /// <param name="p">(n, d) the outputs' features.</param>
    /// <param name="q">(m, d) the references' features.</param>
    /// <param name="options">MAUVE's options.</param>
    /// <param name="bootstrap">How the interval is found; null for none.</param>
    /// <exception cref="MetricException">The samples can't be compared, or there are fewer vectors than clusters.</exception>
    public static MauveScore Score(FeatureMatrix p, FeatureMatrix q, MauveOptions options, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(options);
        if (p.Columns != q.Columns) throw new MetricException([$"the predictions' vectors have {p.Columns} features, the references' {q.Columns}."]);
        int buckets = Buckets(options, p.Rows, q.Rows);
        if (buckets > p.Rows + q.Rows) throw new MetricException([$"{buckets} clusters are more than the {p.Rows + q.Rows} vectors."]);
        var data = PrincipalComponents.Of(p, q, options.KmeansExplainedVar);
        int[][] labels = [.. Enumerable.Range(0, options.Seeds).Select(s => KMeans.Labels(data, buckets, options.KmeansNumRedo, options.KmeansMaxIter, options.Seed + s))];
        double[] scores = [.. labels.Select(l => OfLabels(l.AsSpan(0, p.Rows), l.AsSpan(p.Rows), buckets, options.MauveScalingFactor))];
        double mean = scores.Average();
        double? spread = scores.Length < 2 ? null : Math.Sqrt(scores.Sum(s => (s - mean) * (s - mean)) / (scores.Length - 1));
        var interval = bootstrap is { Resamples: > 0 } ? Interval(labels, p.Rows, buckets, mean, options.MauveScalingFactor, bootstrap) : null;
        return new MauveScore(mean, spread, scores, buckets, interval?.Low, interval?.High);
    }

    /// <summary>The number of clusters of two samples of so many vectors.</summary>
    internal static int Buckets(MauveOptions options, int p, int q) => options.NumBuckets ?? Math.Max(2, (int)Math.Round(Math.Min(p, q) / 10.0));

    /// <summary>The score of two samples whose members are in clusters.</summary>
    /// <param name="p">(n) each output's cluster, from 0.</param>
    /// <param name="q">(m) each reference's cluster.</param>
    /// <param name="clusters">How many clusters there are.</param>
    /// <param name="scaling">c, above 0.</param>
    public static double OfLabels(ReadOnlySpan<int> p, ReadOnlySpan<int> q, int clusters, double scaling = DivergenceFrontier.DefaultScaling)
    {
        double[] first = new double[clusters], second = new double[clusters];
        foreach (int label in p) first[label] += 1.0 / p.Length;
        foreach (int label in q) second[label] += 1.0 / q.Length;
        return DivergenceFrontier.Area(first, second, scaling);
    }

    /// <summary>
    /// Samples drawn anew from both, their clusters kept. Drawing twice from a law adds to the divergence, which lowers every
    /// score alike; so the resamples' deviations from their mean are laid around the score.
    /// </summary>
    static (double Low, double High)? Interval(int[][] labels, int outputs, int clusters, double score, double scaling, BootstrapOptions bootstrap)
    {
        var scores = new double[bootstrap.Resamples];
        Parallel.For(0, scores.Length, r =>
        {
            var draws = new Draws(bootstrap.Seed, r);
            int[] from = labels[r % labels.Length], drawn = new int[from.Length];
            for (int i = 0; i < drawn.Length; i++) drawn[i] = i < outputs ? from[draws.Below(outputs)] : from[outputs + draws.Below(from.Length - outputs)];
            scores[r] = OfLabels(drawn.AsSpan(0, outputs), drawn.AsSpan(outputs), clusters, scaling);
        });
        for (int s = 0; s < labels.Length; s++)
        {
            double[] own = [.. scores.Where((_, r) => r % labels.Length == s)];
            if (own.Length == 0) continue;
            double mean = own.Average();
            for (int r = s; r < scores.Length; r += labels.Length) scores[r] -= mean;
        }
        var (low, high) = Bootstrap.Percentiles(scores);
        return (Math.Clamp(score + low, 0, 1), Math.Clamp(score + high, 0, 1));
    }
}
