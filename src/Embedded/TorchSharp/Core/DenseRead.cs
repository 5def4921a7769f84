using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>
/// A tensor's elements in row-major order for a kernel to read: the tensor itself where its memory lies so, otherwise a
/// copy that ends with this. Costs no object where nothing is copied. The tensor is kept alive until the end.
/// </summary>
internal readonly unsafe struct DenseRead : IDisposable
{
    readonly Tensor? tensor;
    readonly bool copied;

    /// <summary>Reads <paramref name="tensor"/>; null reads as a null pointer.</summary>
    public DenseRead(Tensor? tensor)
    {
        copied = tensor is not null && !tensor.is_contiguous();
        this.tensor = copied ? tensor!.Dense() : tensor;
        tensor?.Check();
    }

    /// <summary>The first element; null where there is no tensor.</summary>
    public T* Ptr<T>() where T : unmanaged => tensor is null ? null : tensor.Ptr<T>();

    public void Dispose()
    {
        if (copied) tensor!.Dispose();
        GC.KeepAlive(tensor);
    }
}
