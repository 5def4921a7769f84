namespace TorchSharp;

public static partial class torch
{
    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([dim0, dim1, dim2, dim3], 1L, dtype, device, requires_grad);

    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([dim0, dim1, dim2], 1L, dtype, device, requires_grad);

    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([rows, columns], 1L, dtype, device, requires_grad);

    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([size], 1L, dtype, device, requires_grad);

    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([dim0, dim1, dim2, dim3], 1L, dtype, device, requires_grad);

    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([dim0, dim1, dim2], 1L, dtype, device, requires_grad);

    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([rows, columns], 1L, dtype, device, requires_grad);

    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled([size], 1L, dtype, device, requires_grad);

    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled(size, 1L, dtype, device, requires_grad);

    /// <summary>Ones, in the given shape.</summary>
    public static Tensor ones(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled(size, 1L, dtype, device, requires_grad);
}
