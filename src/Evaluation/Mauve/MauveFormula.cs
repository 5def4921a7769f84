using DiffusionBatch.Contracts.Manifests;
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
        if (p.Columns != q.Columns)
            throw new MetricException([$"the predictions' vectors have {p.Columns} features, the references' {q.Columns}."]);
        int buckets = Buckets(options, p.Rows, q.Rows);
        if (buckets > p.Rows + q.Rows) throw new MetricException([$"{buckets} clusters are more than the {p.Rows + q.Rows} vectors."]);
        var data = PrincipalComponents.Of(p, q, options.KmeansExplainedVar);
        int[][] labels = [.. Enumerable.Range(0, options.Seeds)
            .Select(s => KMeans.Labels(data, buckets, options.KmeansNumRedo, options.KmeansMaxIter, options.Seed + s))];
        double[] scores = [.. labels.Select(l => OfLabels(l.AsSpan(0, p.Rows), l.AsSpan(p.Rows), buckets, options.MauveScalingFactor))];
        double mean = scores.Average();
        double? spread = scores.Length < 2 ? null : Math.Sqrt(scores.Sum(s => (s - mean) * (s - mean)) / (scores.Length - 1));
        var interval = bootstrap is { Resamples: > 0 }
            ? Interval(labels, p.Rows, buckets, mean, options.MauveScalingFactor, bootstrap)
            : null;
        return new MauveScore(mean, spread, scores, buckets, interval?.Low, interval?.High);
    }

    /// <summary>The number of clusters of two samples of so many vectors.</summary>
    internal static int Buckets(MauveOptions options, int p, int q) =>
        options.NumBuckets ?? Math.Max(2, (int)Math.Round(Math.Min(p, q) / 10.0));

    /// <summary>The score of two samples whose members are in clusters.</summary>
    /// <param name="p">(n) each output's cluster, from 0.</param>
    /// <param name="q">(m) each reference's cluster.</param>
    /// <param name="clusters">How many clusters there are.</param>
    /// <param name="scaling">c, above 0.</param>
    public static double OfLabels(ReadOnlySpan<int> p, ReadOnlySpan<int> q, int clusters,
        double scaling = DivergenceFrontier.DefaultScaling)
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
    static (double Low, double High)? Interval(int[][] labels, int outputs, int clusters, double score, double scaling,
        BootstrapOptions bootstrap)
    {
        var scores = new double[bootstrap.Resamples];
        Parallel.For(0, scores.Length, r =>
        {
            var draws = new Draws(bootstrap.Seed, r);
            int[] from = labels[r % labels.Length], drawn = new int[from.Length];
            for (int i = 0; i < drawn.Length; i++)
                drawn[i] = i < outputs ? from[draws.Below(outputs)] : from[outputs + draws.Below(from.Length - outputs)];
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

/// <summary>
/// MAUVE of two histograms (Pillutla et al. 2021): the area under the divergence curve, whose points are
/// (exp(-c KL(q | r)), exp(-c KL(p | r))) for mixtures r = w p + (1 - w) q, with the ends (1, 0) and (0, 1).
/// </summary>
public static class DivergenceFrontier
{
    /// <summary>The points of the curve: weights evenly spaced from 1e-6 to 1 - 1e-6.</summary>
    public const int Points = 25;

    /// <summary>The scaling c of the published scores.</summary>
    public const double DefaultScaling = 5;

    const double FirstWeight = 1e-6;

    /// <summary>The area, 0 to 1.</summary>
    /// <param name="p">(k) probabilities, summing to 1.</param>
    /// <param name="q">(k) probabilities, summing to 1.</param>
    /// <param name="scaling">c, above 0.</param>
    public static double Area(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double scaling = DefaultScaling)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, p.Length);
        var curve = new (double X, double Y)[Points + 2];
        curve[0] = (1, 0);
        curve[^1] = (0, 1);
        for (int i = 0; i < Points; i++)
        {
            double w = FirstWeight + i * (1 - 2 * FirstWeight) / (Points - 1);
            var (toQ, toP) = Divergences(p, q, w);
            curve[i + 1] = (Math.Exp(-scaling * toQ), Math.Exp(-scaling * toP));
        }
        // Trapezia along either axis; of points above one another the highest comes first, for the curve falls.
        Array.Sort(curve, (a, b) => a.X != b.X ? a.X.CompareTo(b.X) : b.Y.CompareTo(a.Y));
        double area = 0;
        for (int i = 1; i < curve.Length; i++) area += (curve[i].X - curve[i - 1].X) * (curve[i].Y + curve[i - 1].Y) / 2;
        Array.Sort(curve, (a, b) => a.Y != b.Y ? a.Y.CompareTo(b.Y) : b.X.CompareTo(a.X));
        for (int i = 1; i < curve.Length; i++) area += (curve[i].Y - curve[i - 1].Y) * (curve[i].X + curve[i - 1].X) / 2;
        return Math.Clamp(area / 2, 0, 1);
    }

    /// <summary>KL(q | r) and KL(p | r) of r = w p + (1 - w) q, in nats.</summary>
    static (double Q, double P) Divergences(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double w)
    {
        double ofQ = 0, ofP = 0;
        for (int i = 0; i < p.Length; i++)
        {
            double r = w * p[i] + (1 - w) * q[i];
            if (q[i] > 0) ofQ += q[i] * Math.Log(q[i] / r);
            if (p[i] > 0) ofP += p[i] * Math.Log(p[i] / r);
        }
        return (ofQ, ofP);
    }
}

/// <summary>MAUVE's options with their defaults, those of its reference implementation.</summary>
public sealed record MauveOptions
{
    /// <summary>Clusters; null for a tenth of the smaller sample, at least 2.</summary>
    public int? NumBuckets { get; init; }

    /// <summary>The share of the variance that the clustered components explain, above 0 and at most 1.</summary>
    public double KmeansExplainedVar { get; init; } = 0.9;

    /// <summary>Tries of k-means for each seed; the best is kept.</summary>
    public int KmeansNumRedo { get; init; } = 5;

    /// <summary>The most iterations of a try.</summary>
    public int KmeansMaxIter { get; init; } = 500;

    /// <summary>c, above 0.</summary>
    public double MauveScalingFactor { get; init; } = DivergenceFrontier.DefaultScaling;

    /// <summary>The first seed of k-means.</summary>
    public long Seed { get; init; } = 25;

    /// <summary>How many seeds are averaged, each one more than the one before.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The options that a metric's settings give.</summary>
    public static MauveOptions Of(MetricSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var usual = new MauveOptions();
        return new MauveOptions
        {
            NumBuckets = spec.NumBuckets,
            KmeansExplainedVar = spec.KmeansExplainedVar ?? usual.KmeansExplainedVar,
            KmeansNumRedo = spec.KmeansNumRedo ?? usual.KmeansNumRedo,
            KmeansMaxIter = spec.KmeansMaxIter ?? usual.KmeansMaxIter,
            MauveScalingFactor = spec.MauveScalingFactor ?? usual.MauveScalingFactor,
            Seed = spec.Seed ?? usual.Seed,
            Seeds = spec.Seeds ?? usual.Seeds,
        };
    }
}

/// <summary>MAUVE over several seeds.</summary>
/// <param name="Mean">The mean over seeds.</param>
/// <param name="Spread">The standard deviation over seeds; null for one seed.</param>
/// <param name="BySeed">Each seed's score.</param>
/// <param name="Buckets">The clusters.</param>
/// <param name="Low">The lower end of the 95 % interval, or null where none was asked for.</param>
/// <param name="High">The upper end.</param>
public sealed record MauveScore(double Mean, double? Spread, IReadOnlyList<double> BySeed, int Buckets, double? Low = null,
    double? High = null);
