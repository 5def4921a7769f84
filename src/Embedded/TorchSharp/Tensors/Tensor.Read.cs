using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Element <paramref name="i"/> in row-major order, of a tensor of that type.</summary>
        public T ReadCpuValue<T>(long i) where T : unmanaged
        {
            RequireType<T>();
            if (i >= Count || i < 0) throw new IndexOutOfRangeException("The index is greater than the number of elements in the tensor");
            return data<T>()[Place(i)];
        }

        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);

        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);

        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);

        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);

        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);

        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);

        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);

        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        public float ReadCpuFloat16(long i) => (float)ReadCpuValue<Half>(i);

        public unsafe float ReadCpuBFloat16(long i)
        {
            if (type != ScalarType.BFloat16) throw new ArgumentException($"{nameof(Single)} is not compatible with {type}");
            if (i >= Count || i < 0) throw new IndexOutOfRangeException("The index is greater than the number of elements in the tensor");
            using Tensor dense = Dense();
            return Casting.Widen(dense.Ptr<ushort>()[i]);
        }

        /// <summary>The place of element <paramref name="i"/>, an index a dimension.</summary>
        long[] Place(long i)
        {
            var place = new long[Rank];
            for (int d = Rank - 1; d >= 0; d--)
            {
                place[d] = i % sizes[d];
                i /= sizes[d];
            }

            return place;
        }

        /// <summary>Whether the only element is not 0.</summary>
        public bool is_nonzero() => Count switch
        {
            1 => ToScalar().ToBoolean(),
            0 => throw new ExternalException("Boolean value of Tensor with no values is ambiguous"),
            _ => throw new ExternalException("Boolean value of Tensor with more than one value is ambiguous"),
        };

        public bool is_meta => false;

        public bool is_sparse => false;

        /// <summary>A tensor that is dense already.</summary>
        public Tensor to_dense() => alias();

        public bool is_pinned() => false;

        public Tensor MoveToOtherDisposeScope(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            return other.OwningDisposeScope is { } scope ? MoveToOtherDisposeScope(scope) : DetachFromDisposeScope();
        }

        /// <summary>The library's former spelling of <see cref="DetachFromDisposeScope"/>.</summary>
        public Tensor DetatchFromDisposeScope() => DetachFromDisposeScope();
    }

    public static bool is_nonzero(Tensor input) => input.is_nonzero();
}
