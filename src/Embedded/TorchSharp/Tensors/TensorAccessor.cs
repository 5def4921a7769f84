using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a tensor in row-major order, whatever its strides.</summary>
/// <typeparam name="T">The tensor's element type.</typeparam>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    readonly Tensor tensor;
    readonly bool contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        this.tensor = tensor;
        contiguous = tensor.is_contiguous();
    }

    /// <summary>The number of elements.</summary>
    public long Count => tensor.Count;

    /// <summary>The element at a place: one index a dimension, or one index in row-major order.</summary>
    public T this[params long[] indices]
    {
        get => tensor.Ptr<T>()[Place(indices)];
        set
        {
            tensor.Ptr<T>()[Place(indices)] = value;
            tensor.buffer!.Touch();
        }
    }

    public bool IsReadOnly => false;

    /// <summary>The elements in an array of the tensor's rank; an array of one for a tensor without dimensions.</summary>
    public Array ToNDArray()
    {
        T[] flat = ToArray();
        if (tensor.Rank <= 1) return flat;
        Array result = Array.CreateInstance(typeof(T), tensor.sizes);
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(flat.AsSpan()).CopyTo(new Span<byte>(
            System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(result)), flat.Length * sizeof(T)));
        return result;
    }

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    /// <summary>True for accessors with the same elements.</summary>
    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && ToArray().AsSpan().SequenceEqual(other.ToArray());

    public override int GetHashCode() => tensor.GetHashCode();

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result.AsSpan());
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements from <paramref name="tensorIndex"/> on, as many as there are and fit.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        int n = (int)Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        if (n <= 0) return;
        using Tensor dense = tensor.Dense();
        new ReadOnlySpan<T>(dense.Ptr<T>() + tensorIndex, n).CopyTo(array[arrayIndex..]);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    /// <summary>Fills elements from <paramref name="tensorIndex"/> on, as many as there are and given.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        int n = (int)Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        ReadOnlySpan<T> source = array.Slice(arrayIndex, Math.Max(n, 0));
        if (contiguous) source.CopyTo(new Span<T>(tensor.Ptr<T>() + tensorIndex, Math.Max(n, 0)));
        else
            for (int i = 0; i < n; i++) tensor.Ptr<T>()[PlaceInOrder(tensorIndex + i)] = source[i];
        tensor.buffer!.Touch();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
    }

    long Place(long[] indices)
    {
        if (indices.Length == 1) return PlaceInOrder(indices[0]);
        long[] sizes = tensor.sizes, strides = tensor.strides;
        if (indices.Length != sizes.Length) throw new IndexOutOfRangeException($"{indices.Length} indices of {sizes.Length} dimensions.");
        long place = 0;
        for (int d = 0; d < sizes.Length; d++)
        {
            long i = indices[d];
            if (i < 0 || i >= sizes[d]) throw new IndexOutOfRangeException($"{i} >= {sizes[d]} in dimension {d}.");
            place += i * strides[d];
        }
        return place;
    }

    /// <summary>The place of the n-th element in row-major order.</summary>
    long PlaceInOrder(long n)
    {
        long[] sizes = tensor.sizes, strides = tensor.strides;
        if (n >= Count) throw new IndexOutOfRangeException($"{n} in a collection of {Count} elements.");
        if (n < 0) throw new ArgumentOutOfRangeException(nameof(n), $"{n} in a collection of {Count} elements.");
        if (contiguous) return n;
        long place = 0;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            place += n % sizes[d] * strides[d];
            n /= sizes[d];
        }
        return place;
    }
}
