namespace TorchSharp;

public static partial class torch
{
    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([dim0, dim1, dim2, dim3], 0L, dtype, device, requires_grad);

    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([dim0, dim1, dim2], 0L, dtype, device, requires_grad);

    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([rows, columns], 0L, dtype, device, requires_grad);

    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([size], 0L, dtype, device, requires_grad);

    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([dim0, dim1, dim2, dim3], 0L, dtype, device, requires_grad);

    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([dim0, dim1, dim2], 0L, dtype, device, requires_grad);

    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([rows, columns], 0L, dtype, device, requires_grad);

    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([size], 0L, dtype, device, requires_grad);

    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled(size, 0L, dtype, device, requires_grad);

    /// <summary>Zeros, in the given shape.</summary>
    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled(size, 0L, dtype, device, requires_grad);
}
