namespace TorchSharp.Kernels;

/// <summary>An additive (batch, heads, queries, keys) mask: strides in elements, 0 where it is broadcast; the default is none.</summary>
internal readonly unsafe struct MaskView(float* data, nint batchStride, nint headStride, nint queryStride, nint keyStride)
{
    /// <summary>Whether there is a mask.</summary>
    internal bool Exists => data != null;

    /// <summary>The elements between keys.</summary>
    internal nint KeyStride => keyStride;

    /// <summary>The mask of one query.</summary>
    internal float* Row(int batch, int head, int query) => data + (batch * batchStride) + (head * headStride) + (query * queryStride);
}
