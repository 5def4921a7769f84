using System.Numerics;
using System.Runtime.InteropServices;

namespace DiffusionBatch.Diffusion.Randomness;

/// <summary>
/// Random numbers as a pure function of their coordinates: no state, no order of drawing, no allocation. A draw belongs to
/// (seed, sample id, candidate, step, position) in sampling and to (seed, sample id, epoch, stream, position) in training,
/// so it's the same whatever the batch, shard, worker, retry or order of arrival.
/// <code>
/// var draws = CounterRandom.For(seed, item.Id).At(candidate).At(step);
/// double u = draws.Uniform(position);
/// </code>
/// </summary>
public readonly struct CounterRandom : IEquatable<CounterRandom>
{
    internal const ulong Golden = 0x9e3779b97f4a7c15;
    const ulong Branch = 0xd1b54a32d192ed03;
    readonly ulong _key;

    CounterRandom(ulong key) => _key = key;

    /// <summary>The root stream of a sample under a job's seed.</summary>
    public static CounterRandom For(long seed, string id) =>
        new(StableHash.Mix(StableHash.Mix((ulong)seed + Golden) ^ StableHash.Of(id)));

    /// <summary>The stream below this one with the given index; different paths give independent streams.</summary>
    public CounterRandom At(long index) =>
        new(StableHash.Mix(StableHash.Mix(_key ^ Branch) + (ulong)index * Branch));

    /// <summary>64 random bits at a counter.</summary>
    public ulong Bits(long counter) => StableHash.Mix(State(counter));

    /// <summary>
    /// The bits at the counters <paramref name="first"/>, first + 1, ...: those of <see cref="Bits(long)"/>, several at a time.
    /// </summary>
    public void Bits(long first, Span<ulong> bits)
    {
        var vectors = MemoryMarshal.Cast<ulong, Vector<ulong>>(bits);
        var state = new Vector<ulong>(State(first)) + Vector<ulong>.Indices * Golden;
        var step = new Vector<ulong>((ulong)Vector<ulong>.Count * Golden);
        for (int i = 0; i < vectors.Length; i++, state += step) vectors[i] = StableHash.Mix(state);
        for (int i = vectors.Length * Vector<ulong>.Count; i < bits.Length; i++) bits[i] = Bits(first + i);
    }

    /// <summary>What <see cref="Bits(long)"/> mixes at a counter: the same numbers can be made elsewhere, on a device.</summary>
    internal ulong State(long counter) => _key + ((ulong)counter + 1) * Golden;

    /// <summary>A double of [0, 1), a multiple of 2^-53.</summary>
    public double Uniform(long counter) => (Bits(counter) >> 11) * (1.0 / (1L << 53));

    /// <summary>An integer of 0..<paramref name="bound"/>-1, each equally likely to within 2^-64 of its probability.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int Integer(long counter, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(Bits(counter), (ulong)bound, out _);
    }

    /// <summary>A standard Gumbel variate, -log(-log u), finite because u lies strictly between 0 and 1.</summary>
    public double Gumbel(long counter)
    {
        double u = ((Bits(counter) >> 12) + 0.5) * (1.0 / (1L << 52));
        return -Math.Log(-Math.Log(u));
    }

    /// <inheritdoc/>
    public bool Equals(CounterRandom other) => _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CounterRandom other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode();

    /// <summary>Whether two streams are the same.</summary>
    public static bool operator ==(CounterRandom left, CounterRandom right) => left.Equals(right);

    /// <summary>Whether two streams differ.</summary>
    public static bool operator !=(CounterRandom left, CounterRandom right) => !left.Equals(right);
}
