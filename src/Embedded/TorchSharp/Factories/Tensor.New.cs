namespace TorchSharp;

public static partial class torch
{
    /// <summary>New tensors of this one's type, or shape and type, where none is given.</summary>
    public partial class Tensor
    {
        public Tensor new_empty(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Unfilled([dim0, dim1, dim2, dim3], dtype ?? type, device, requires_grad);

        public Tensor new_empty(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Unfilled([dim0, dim1, dim2], dtype ?? type, device, requires_grad);

        public Tensor new_empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Unfilled([rows, columns], dtype ?? type, device, requires_grad);

        public Tensor new_empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Unfilled([size], dtype ?? type, device, requires_grad);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Unfilled(size, dtype ?? type, device, requires_grad);

        public Tensor new_empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Unfilled(size, dtype ?? type, device, requires_grad);

        public Tensor new_zeros(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([dim0, dim1, dim2, dim3], 0L, dtype ?? type, device, requires_grad);

        public Tensor new_zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([dim0, dim1, dim2], 0L, dtype ?? type, device, requires_grad);

        public Tensor new_zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([rows, columns], 0L, dtype ?? type, device, requires_grad);

        public Tensor new_zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([size], 0L, dtype ?? type, device, requires_grad);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled(size, 0L, dtype ?? type, device, requires_grad);

        public Tensor new_zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled(size, 0L, dtype ?? type, device, requires_grad);

        public Tensor new_ones(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([dim0, dim1, dim2, dim3], 1L, dtype ?? type, device, requires_grad);

        public Tensor new_ones(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([dim0, dim1, dim2], 1L, dtype ?? type, device, requires_grad);

        public Tensor new_ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([rows, columns], 1L, dtype ?? type, device, requires_grad);

        public Tensor new_ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([size], 1L, dtype ?? type, device, requires_grad);

        public Tensor new_full(long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([dim0, dim1, dim2, dim3], value, dtype ?? type, device, requires_grad);

        public Tensor new_full(long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([dim0, dim1, dim2], value, dtype ?? type, device, requires_grad);

        public Tensor new_full(long rows, long columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([rows, columns], value, dtype ?? type, device, requires_grad);

        public Tensor new_full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled([size], value, dtype ?? type, device, requires_grad);

        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled(size, value, dtype ?? type, device, requires_grad);

        public Tensor new_full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled(size, value, dtype ?? type, device, requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Unfilled(sizes, dtype ?? type, device, requires_grad);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled(sizes, 0L, dtype ?? type, device, requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled(sizes, 1L, dtype ?? type, device, requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Filled(sizes, value, dtype ?? type, device, requires_grad);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Uniform(sizes, null, dtype ?? type, device, requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            New.Normal(sizes, null, dtype ?? type, device, requires_grad);

        /// <summary>Whole numbers drawn evenly from [low, high), of this tensor's shape and type.</summary>
        public Tensor randint_like(long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        {
            Tensor t = New.Unfilled(sizes, dtype ?? type, device, false);
            Draws.Integers(t, null, low, high);
            return t.requires_grad_(requires_grad);
        }
    }
}
