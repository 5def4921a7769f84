namespace TorchSharp.Kernels;

/// <summary>A (batch, heads, rows, dim) view of floats: strides in elements, dim contiguous.</summary>
internal readonly unsafe struct HeadView(float* data, nint batchStride, nint headStride, nint rowStride)
{
    /// <summary>The elements between rows.</summary>
    internal nint RowStride => rowStride;

    /// <summary>Where a row of a head begins.</summary>
    internal float* Row(int batch, int head, int row) => data + (batch * batchStride) + (head * headStride) + (row * rowStride);
}
