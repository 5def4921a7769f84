using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number with its element type, for operations between tensors and numbers.</summary>
public sealed class Scalar : IDisposable
{
    readonly double real;
    readonly long whole;

    Scalar(double value, ScalarType type)
    {
        real = value;
        whole = Dtypes.IsFloating(type) && !double.IsNaN(value) ? (long)value : 0;
        Type = type;
    }

    Scalar(long value, ScalarType type)
    {
        whole = value;
        real = value;
        Type = type;
    }

    /// <summary>The element type of the number.</summary>
    public ScalarType Type { get; }

    internal double Real => real;

    internal long Whole => whole;

    public static implicit operator Scalar(bool value) => new(value ? 1 : 0, ScalarType.Bool);
    public static implicit operator Scalar(byte value) => new((long)value, ScalarType.Byte);
    public static implicit operator Scalar(sbyte value) => new((long)value, ScalarType.Int8);
    public static implicit operator Scalar(short value) => new((long)value, ScalarType.Int16);
    public static implicit operator Scalar(int value) => new((long)value, ScalarType.Int32);
    public static implicit operator Scalar(long value) => new(value, ScalarType.Int64);
    public static implicit operator Scalar(float value) => new((double)value, ScalarType.Float32);
    public static implicit operator Scalar(double value) => new(value, ScalarType.Float64);
    public static implicit operator Scalar(Half value) => new((double)value, ScalarType.Float16);

    internal static Scalar BFloat16(float value) => new((double)Casting.Widen(Casting.Narrow(value)), ScalarType.BFloat16);

    public void Dispose()
    {
    }
}
