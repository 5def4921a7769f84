using System.Buffers.Binary;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A stream of random numbers: a seed and how far it has been used. Draw i is a function of (seed, offset + i) alone,
    /// so that results don't depend on threads.
    /// </summary>
    public class Generator : IDisposable
    {
        readonly Lock gate = new();
        ulong key;
        ulong position;

        public Generator(ulong seed = 0, Device? device = null)
        {
            if (device is not null) Device.Check(device.type);
            key = seed;
        }

        /// <summary>The generator that random functions use where none is given.</summary>
        public static Generator Default { get; } = new(67280421310721);

        public Device device => CPU;

        /// <summary>Starts the stream of another seed.</summary>
        public Generator manual_seed(long seed)
        {
            lock (gate)
            {
                key = unchecked((ulong)seed);
                position = 0;
            }
            return this;
        }

        public long initial_seed() => unchecked((long)key);

        /// <summary>Starts a stream with a seed taken from the system.</summary>
        public long seed()
        {
            Span<byte> fresh = stackalloc byte[8];
            System.Security.Cryptography.RandomNumberGenerator.Fill(fresh);
            long value = BinaryPrimitives.ReadInt64LittleEndian(fresh);
            manual_seed(value);
            return value;
        }

        /// <summary>Seed and position, 16 bytes, that <see cref="set_state"/> takes.</summary>
        public Tensor get_state()
        {
            Tensor state = Tensor.Create([16], ScalarType.Byte);
            lock (gate)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(state.bytes, key);
                BinaryPrimitives.WriteUInt64LittleEndian(state.bytes[8..], position);
            }
            return state;
        }

        public void set_state(Tensor value)
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.type != ScalarType.Byte || value.Count != 16) throw new System.Runtime.InteropServices.ExternalException("RNG state is wrong size");
            lock (gate)
            {
                key = BinaryPrimitives.ReadUInt64LittleEndian(value.bytes);
                position = BinaryPrimitives.ReadUInt64LittleEndian(value.bytes[8..]);
            }
        }

        /// <summary>Reserves <paramref name="count"/> words of the stream, from a multiple of four on; gives the seed and where they start.</summary>
        internal (ulong Seed, ulong Start) Take(long count)
        {
            lock (gate)
            {
                ulong start = position;
                position += ((ulong)count + 3) / 4 * 4;
                return (key, start);
            }
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
        }
    }

    /// <summary>Seeds the default generator.</summary>
    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    /// <summary>The default generator.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long seed() => Generator.Default.seed();

        public static long initial_seed() => Generator.Default.initial_seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
