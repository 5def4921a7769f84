namespace TorchSharp;

public static partial class torch
{
    /// <summary>One part of an index expression: a place, a range, a new dimension, the rest, or a tensor of places.</summary>
    public struct TensorIndex
    {
        internal enum Kind : byte
        {
            None,
            Ellipsis,
            Bool,
            Single,
            Slice,
            Tensor,
        }

        internal Kind kind;
        internal long? start, stop, step;
        internal torch.Tensor? tensor;

        /// <summary>All the dimensions that are not named.</summary>
        public static readonly TensorIndex Ellipsis = new() { kind = Kind.Ellipsis };

        /// <summary>A new dimension.</summary>
        public static readonly TensorIndex None = new() { kind = Kind.None };

        /// <inheritdoc cref="None"/>
        public static readonly TensorIndex Null = new() { kind = Kind.None };

        /// <summary>A whole dimension.</summary>
        public static readonly TensorIndex Colon = new() { kind = Kind.Slice };

        public static TensorIndex Bool(bool value) => new() { kind = Kind.Bool, start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { kind = Kind.Single, start = index };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new() { kind = Kind.Slice, start = start, stop = stop, step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value);

        public static TensorIndex Tensor(torch.Tensor tensor) => new() { kind = Kind.Tensor, tensor = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
    }
}
