using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>What all factories come down to.</summary>
internal static class New
{
    public static Tensor Unfilled(ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        if (device is not null) Device.Check(device.type);
        Tensor t = Tensor.Create(shape, dtype ?? get_default_dtype());
        if (requiresGrad) t.requires_grad = true;
        return t;
    }

    public static Tensor Filled(ReadOnlySpan<long> shape, Scalar value, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        ScalarRange.Require(value, dtype ?? get_default_dtype());
        Tensor t = Unfilled(shape, dtype, device, requiresGrad);
        Numbers.Write(t, value);
        return t;
    }

    /// <summary>One number everywhere; without a type, of the number's category.</summary>
    public static Tensor Full(ReadOnlySpan<long> shape, Scalar value, ScalarType? dtype, Device? device, bool requiresGrad) =>
        Filled(shape, value, dtype ?? (Dtypes.IsFloating(value.Type) ? null : value.Type == ScalarType.Bool ? ScalarType.Bool : ScalarType.Int64), device, requiresGrad);

    public static Tensor Uniform(ReadOnlySpan<long> shape, Generator? generator, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        Tensor t = Unfilled(shape, dtype, device, false);
        Draws.Uniform(t, generator, 0, 1);
        return t.requires_grad_(requiresGrad);
    }

    public static Tensor Normal(ReadOnlySpan<long> shape, Generator? generator, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        Tensor t = Unfilled(shape, dtype, device, false);
        Draws.Normal(t, generator, 0, 1);
        return t.requires_grad_(requiresGrad);
    }

    public static Tensor Scalar(Scalar value, ScalarType own, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        if (device is not null) Device.Check(device.type);
        Tensor t = Tensor.Create([], dtype ?? own);
        Numbers.Write(t, value);
        return t.requires_grad_(requiresGrad);
    }

    /// <summary>A copy of an array in the given shape.</summary>
    public static Tensor From<T>(T[] values, ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requiresGrad) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return From<T>((ReadOnlySpan<T>)values, shape, dtype, device, requiresGrad);
    }

    /// <inheritdoc cref="From{T}(T[], ReadOnlySpan{long}, ScalarType?, Device?, bool)"/>
    public static unsafe Tensor From<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requiresGrad) where T : unmanaged
    {
        if (Shapes.Numel(shape) != values.Length) throw new ArgumentException($"mismatched total size creating a tensor from an array: {values.Length} elements for [{Shapes.Text(shape)}]");
        Tensor t = Unfilled(shape, Dtypes.Of(typeof(T)), device, false);
        MemoryMarshal.AsBytes(values).CopyTo(new Span<byte>(t.Data, values.Length * sizeof(T)));
        if (dtype is { } other && other != t.type) t = t.to_type(other, disposeAfter: true);
        return t.requires_grad_(requiresGrad);
    }

    public static T[] Array<T>(IList<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values as T[] ?? [.. values];
    }

    /// <summary>A copy of an array of any rank.</summary>
    public static Tensor FromArray(Array array, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        ArgumentNullException.ThrowIfNull(array);
        var shape = new long[array.Rank];
        for (int d = 0; d < shape.Length; d++) shape[d] = array.GetLongLength(d);
        Type element = array.GetType().GetElementType()!;
        if (element == typeof(float)) return From<float>(Flat<float>(array), shape, dtype, device, requiresGrad);
        if (element == typeof(double)) return From<double>(Flat<double>(array), shape, dtype, device, requiresGrad);
        if (element == typeof(long)) return From<long>(Flat<long>(array), shape, dtype, device, requiresGrad);
        if (element == typeof(int)) return From<int>(Flat<int>(array), shape, dtype, device, requiresGrad);
        if (element == typeof(short)) return From<short>(Flat<short>(array), shape, dtype, device, requiresGrad);
        if (element == typeof(sbyte)) return From<sbyte>(Flat<sbyte>(array), shape, dtype, device, requiresGrad);
        if (element == typeof(byte)) return From<byte>(Flat<byte>(array), shape, dtype, device, requiresGrad);
        if (element == typeof(bool)) return From<bool>(Flat<bool>(array), shape, dtype, device, requiresGrad);
        throw new NotSupportedException($"Tensors of {element.Name} can't be made from arrays.");
    }

    static T[] Flat<T>(Array array) where T : unmanaged
    {
        if (array is T[] flat) return flat;
        var result = new T[array.Length];
        int i = 0;
        foreach (T value in array) result[i++] = value;
        return result;
    }
}
