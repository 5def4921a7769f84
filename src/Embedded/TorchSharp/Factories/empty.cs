namespace TorchSharp;

public static partial class torch
{
    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled([dim0, dim1, dim2, dim3], dtype, device, requires_grad);

    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled([dim0, dim1, dim2], dtype, device, requires_grad);

    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled([rows, columns], dtype, device, requires_grad);

    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled([size], dtype, device, requires_grad);

    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled([dim0, dim1, dim2, dim3], dtype, device, requires_grad);

    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled([dim0, dim1, dim2], dtype, device, requires_grad);

    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled([rows, columns], dtype, device, requires_grad);

    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled([size], dtype, device, requires_grad);

    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled(size, dtype, device, requires_grad);

    /// <summary>Uninitialised elements, in the given shape.</summary>
    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled(size, dtype, device, requires_grad);
}
