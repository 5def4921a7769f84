namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>
/// The percentile bootstrap (Koehn 2004): corpora of the same size are drawn from the segments with replacement, and the
/// interval leaves out 2.5 % of their scores on either side. Segments are put in order first, so that the interval, like
/// the score, does not depend on the order in which they came.
/// </summary>
internal sealed class Bootstrap(int width, BootstrapOptions options)
{
    const double Confidence = 0.95;

    readonly List<double[]> _segments = [];

    public delegate double Scorer(ReadOnlySpan<double> sums);

    public void Add(ReadOnlySpan<double> segment) => _segments.Add(segment.ToArray());

    /// <summary>The interval; null where there is no segment.</summary>
    public (double Low, double High)? Interval(Scorer score)
    {
        if (_segments.Count == 0) return null;
        double[] ordered = Ordered(); // (segments, width)
        var scores = new double[options.Resamples];
        // Every resample draws from a stream of its own, so threads change nothing.
        Parallel.For(0, scores.Length, () => new double[width], (r, loop, sums) =>
        {
            Array.Clear(sums);
            ulong state = (ulong)options.Seed * 0xD1342543DE82EF95UL + (ulong)r;
            state = Next(ref state);
            ulong count = (ulong)_segments.Count;
            for (ulong i = 0; i < count; i++)
            {
                var drawn = ordered.AsSpan((int)Math.BigMul(Next(ref state), count, out _) * width, width);
                for (int k = 0; k < sums.Length; k++) sums[k] += drawn[k];
            }
            scores[r] = score(sums);
            return sums;
        }, _ => { });
        Array.Sort(scores);
        int tail = (int)(scores.Length * (1 - Confidence) / 2);
        return (scores[tail], scores[scores.Length - 1 - tail]);
    }

    double[] Ordered()
    {
        double[][] segments = [.. _segments];
        Array.Sort(segments, (a, b) => a.AsSpan().SequenceCompareTo(b));
        var ordered = new double[segments.Length * width];
        for (int i = 0; i < segments.Length; i++) segments[i].CopyTo(ordered, i * width);
        return ordered;
    }

    /// <summary>SplitMix64: the same numbers on every machine and runtime.</summary>
    static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
