using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A shape: the length of each dimension.</summary>
    public struct Size : IEnumerable<long>
    {
        public static Size Empty = new(Array.Empty<long>());

        readonly long[] dims;

        public Size(long[] shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            dims = (long[])shape.Clone();
        }

        public Size(IEnumerable<long> shape) => dims = shape.ToArray();

        public Size(int[] shape) => dims = Array.ConvertAll(shape, i => (long)i);

        public Size(long size) => dims = [size];

        public Size((long, long) size) => dims = [size.Item1, size.Item2];

        public Size((long, long, long) size) => dims = [size.Item1, size.Item2, size.Item3];

        public Size((long, long, long, long) size) => dims = [size.Item1, size.Item2, size.Item3, size.Item4];

        public Size((long, long, long, long, long) size) => dims = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];

        public Size((long, long, long, long, long, long) size) => dims = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];

        public Size(int size) => dims = [size];

        public Size((int, int) size) => dims = [size.Item1, size.Item2];

        public Size((int, int, int) size) => dims = [size.Item1, size.Item2, size.Item3];

        public Size((int, int, int, int) size) => dims = [size.Item1, size.Item2, size.Item3, size.Item4];

        public Size((int, int, int, int, int) size) => dims = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];

        public Size((int, int, int, int, int, int) size) => dims = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];

        /// <summary>The lengths.</summary>
        public readonly long[] Shape => dims;

        /// <summary>The number of dimensions.</summary>
        public readonly int Length => dims.Length;

        public readonly bool IsEmpty => dims.Length == 0;

        public readonly bool IsScalar => dims.Length == 0;

        public readonly long this[int idx] => dims[idx];

        public readonly long this[long idx] => dims[idx];

        public static implicit operator Size(long size) => new(size);
        public static implicit operator Size((long, long) size) => new(size);
        public static implicit operator Size((long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long, long, long) size) => new(size);
        public static implicit operator Size(long[] size) => new(size);

        public static Size operator +(Size left, Size right) => new([.. left.dims, .. right.dims]);
        public static Size operator +(Size left, IEnumerable<long> right) => new([.. left.dims, .. right]);
        public static bool operator ==(Size left, Size right) => left.dims.AsSpan().SequenceEqual(right.dims);
        public static bool operator !=(Size left, Size right) => !(left == right);

        public override readonly bool Equals(object? obj) => obj is Size other && this == other;

        public override readonly int GetHashCode()
        {
            var hash = new HashCode();
            foreach (long d in dims) hash.Add(d);
            return hash.ToHashCode();
        }

        /// <summary>The number of elements.</summary>
        public readonly long numel() => Core.Shapes.Numel(dims);

        /// <summary>The dimensions from <paramref name="first"/> up to and without <paramref name="next"/>; negative ones count from the end.</summary>
        public readonly Size Slice(int first, int next)
        {
            if (first < 0) first += dims.Length;
            if (next < 0) next += dims.Length;
            return next <= first ? Empty : new Size(dims.Skip(first).Take(next - first));
        }

        public readonly IEnumerable<long> Take(int i) => dims.Take(i);

        public readonly IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)dims).GetEnumerator();

        readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
