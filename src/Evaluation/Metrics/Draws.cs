namespace DiffusionBatch.Evaluation.Metrics;

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
