using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements, typed; <typeparamref name="T"/> must be the tensor's own type.</summary>
        public Utils.TensorAccessor<T> data<T>() where T : unmanaged
        {
            RequireType<T>();
            return new Utils.TensorAccessor<T>(this);
        }

        /// <summary>The only element of a tensor of one.</summary>
        public T item<T>() where T : unmanaged
        {
            if (Count != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            RequireType<T>();
            unsafe
            {
                T value = *Ptr<T>();
                GC.KeepAlive(this);
                return value;
            }
        }

        /// <summary>The only element of a tensor of one, as a scalar.</summary>
        public unsafe Scalar ToScalar()
        {
            if (Count != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return type switch
            {
                ScalarType.Bool => *Ptr<byte>() != 0,
                ScalarType.Byte => *Ptr<byte>(),
                ScalarType.Int8 => *Ptr<sbyte>(),
                ScalarType.Int16 => *Ptr<short>(),
                ScalarType.Int32 => *Ptr<int>(),
                ScalarType.Int64 => *Ptr<long>(),
                ScalarType.Float64 => *Ptr<double>(),
                ScalarType.Float32 => *Ptr<float>(),
                ScalarType.Float16 => *Ptr<Half>(),
                _ => Casting.Widen(*Ptr<ushort>()),
            };
        }

        /// <summary>The raw bytes of a contiguous tensor; setting copies into it.</summary>
        public Span<byte> bytes
        {
            get
            {
                Check();
                buffer!.Expose();
                return Memory();
            }
            set
            {
                if (value.Length != Count * ElementSize) throw new ArgumentException("Mismatched data sizes in byte[]/Tensor copy.");
                value.CopyTo(Memory());
                buffer!.Touch();
            }
        }

        unsafe Span<byte> Memory()
        {
            if (!is_contiguous()) throw new InvalidOperationException("bytes needs a contiguous tensor.");
            return Count == 0 ? [] : new Span<byte>(Data, checked((int)(Count * ElementSize)));
        }

        /// <summary>Writes the elements' bytes in row-major order.</summary>
        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            ArgumentNullException.ThrowIfNull(stream);
            using Tensor dense = Dense();
            long total = dense.Count * ElementSize;
            int chunk = Math.Max(bufferSize, 1 << 16);
            for (long at = 0; at < total; at += chunk)
                stream.Write(new ReadOnlySpan<byte>(dense.Data + at, (int)Math.Min(chunk, total - at)));
        }

        /// <summary>Fills the tensor with bytes in row-major order.</summary>
        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            ArgumentNullException.ThrowIfNull(stream);
            if (!is_contiguous()) throw new InvalidOperationException("ReadBytesFromStream needs a contiguous tensor.");
            long total = Count * ElementSize;
            int chunk = Math.Max(bufferSize, 1 << 16);
            for (long at = 0; at < total; at += chunk)
                stream.ReadExactly(new Span<byte>(Data + at, (int)Math.Min(chunk, total - at)));
            buffer!.Touch();
        }

        void RequireType<T>() where T : unmanaged
        {
            Check();
            if (Dtypes.Of(typeof(T)) != type)
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {type}");
        }

        /// <summary>This tensor's elements in row-major memory, outside graph and scopes: shared where they are so already.</summary>
        internal Tensor Dense()
        {
            if (is_contiguous()) return Hidden();
            Tensor copy = Create(sizes, type, false);
            Copy.Elements(this, copy);
            return copy;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>True when both have the same shape, type and elements.</summary>
        public bool Equals(Tensor target) =>
            ReferenceEquals(this, target) || (target is not null && type == target.type && sizes.AsSpan().SequenceEqual(target.sizes) && AllEqual(target));

        bool AllEqual(Tensor target)
        {
            using (no_grad())
            using (NewDisposeScope())
                return eq(target).all().item<bool>();
        }

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
    }
}
