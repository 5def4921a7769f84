namespace TorchSharp;

/// <summary>Tensors from arrays, lists and tensors.</summary>
public static partial class torch
{
    public static Tensor as_tensor(IList<bool> rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<bool>(New.Array(rawArray), [rawArray.Count], dtype, device, false);

    public static Tensor as_tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<bool>(rawArray, [rawArray.Length], dtype, device, false);

    public static Tensor as_tensor(IList<byte> rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<byte>(New.Array(rawArray), [rawArray.Count], dtype, device, false);

    public static Tensor as_tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<byte>(rawArray, [rawArray.Length], dtype, device, false);

    public static Tensor as_tensor(IList<sbyte> rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<sbyte>(New.Array(rawArray), [rawArray.Count], dtype, device, false);

    public static Tensor as_tensor(sbyte[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<sbyte>(rawArray, [rawArray.Length], dtype, device, false);

    public static Tensor as_tensor(IList<short> rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<short>(New.Array(rawArray), [rawArray.Count], dtype, device, false);

    public static Tensor as_tensor(short[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<short>(rawArray, [rawArray.Length], dtype, device, false);

    public static Tensor as_tensor(IList<int> rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<int>(New.Array(rawArray), [rawArray.Count], dtype, device, false);

    public static Tensor as_tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<int>(rawArray, [rawArray.Length], dtype, device, false);

    public static Tensor as_tensor(IList<long> rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<long>(New.Array(rawArray), [rawArray.Count], dtype, device, false);

    public static Tensor as_tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<long>(rawArray, [rawArray.Length], dtype, device, false);

    public static Tensor as_tensor(IList<float> rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<float>(New.Array(rawArray), [rawArray.Count], dtype, device, false);

    public static Tensor as_tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<float>(rawArray, [rawArray.Length], dtype, device, false);

    public static Tensor as_tensor(IList<double> rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<double>(New.Array(rawArray), [rawArray.Count], dtype, device, false);

    public static Tensor as_tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        New.From<double>(rawArray, [rawArray.Length], dtype, device, false);

    /// <summary>A copy of an array of any rank.</summary>
    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => New.FromArray(data, dtype, device, false);

    /// <summary>The tensor itself where it has the type already, otherwise converted.</summary>
    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (device is not null) Device.Check(device.type);
        return dtype is { } type && type != data.type ? data.to_type(type) : data.alias();
    }
}
