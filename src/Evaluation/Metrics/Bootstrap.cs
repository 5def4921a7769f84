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

/// <summary>How a confidence interval is found.</summary>
/// <param name="Seed">The same seed gives the same interval.</param>
/// <param name="Resamples">How many corpora are drawn; 0 means no interval.</param>
public sealed record BootstrapOptions(long Seed, int Resamples = 1_000);

/// <summary>Random numbers that are the same on every machine and runtime (SplitMix64); a stream for each seed and number.</summary>
internal struct Draws
{
    ulong _state;

    /// <param name="seed">The seed that the report states.</param>
    /// <param name="stream">Which of the seed's streams: a resample, a trial.</param>
    public Draws(long seed, long stream)
    {
        _state = (ulong)seed * 0xD1342543DE82EF95UL + (ulong)stream;
        _state = Next();
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="count"/>.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>A number from 0 to below 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));
}

/// <summary>A corpus as numbers per segment, from whose sums a score is made: what resampling draws from.</summary>
/// <param name="width">Numbers per segment.</param>
public sealed class SegmentTable(int width)
{
    readonly List<string> _ids = [];
    double[] _rows = [];

    /// <summary>Numbers per segment.</summary>
    public int Width => width;

    /// <summary>The number of segments.</summary>
    public int Count => _ids.Count;

    /// <summary>The segments' ids, in the order of their coming.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>A segment's numbers.</summary>
    public ReadOnlySpan<double> this[int segment] => _rows.AsSpan(segment * width, width);

    /// <summary>Takes in a segment.</summary>
    public void Add(string id, ReadOnlySpan<double> segment)
    {
        int at = _ids.Count * width;
        if (at + width > _rows.Length) Array.Resize(ref _rows, Math.Max(64 * width, 2 * _rows.Length));
        segment.CopyTo(_rows.AsSpan(at, width));
        _ids.Add(id);
    }

    /// <summary>The segments' numbers, row after row (count, width), in an order that depends on the numbers alone.</summary>
    public double[] ByContent()
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        Array.Sort(order, (a, b) => this[a].SequenceCompareTo(this[b]));
        return Rows(order);
    }

    /// <summary>The numbers of the given segments, row after row (order, width).</summary>
    public double[] Rows(ReadOnlySpan<int> order)
    {
        var rows = new double[order.Length * width];
        for (int i = 0; i < order.Length; i++) this[order[i]].CopyTo(rows.AsSpan(i * width));
        return rows;
    }
}
