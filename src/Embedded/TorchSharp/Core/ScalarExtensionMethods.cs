namespace TorchSharp;

/// <summary>Numbers to scalars and back.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this bool value) => value;
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this Half value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static bool ToBoolean(this Scalar value) => value.Whole != 0 || value.Real != 0;
    public static byte ToByte(this Scalar value) => (byte)value.Whole;
    public static sbyte ToSByte(this Scalar value) => (sbyte)value.Whole;
    public static short ToInt16(this Scalar value) => (short)value.Whole;
    public static Half ToHalf(this Scalar value) => (Half)value.Real;

    /// <summary>A number of type bfloat16, rounded to it.</summary>
    public static Scalar ToBFloat16Scalar(this float value) => Scalar.BFloat16(value);

    public static int ToInt32(this Scalar value) => (int)value.Whole;
    public static long ToInt64(this Scalar value) => value.Whole;
    public static float ToSingle(this Scalar value) => (float)value.Real;
    public static double ToDouble(this Scalar value) => value.Real;
}
