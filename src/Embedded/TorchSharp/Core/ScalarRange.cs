using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Whether a number can be written to a type. (An operand of arithmetic may wrap instead.)</summary>
internal static class ScalarRange
{
    /// <exception cref="ExternalException">When the type doesn't hold the number; fractions are cut off, infinities hold in all floating-point types.</exception>
    public static void Require(Scalar value, ScalarType type)
    {
        (string name, double least, double most) = type switch
        {
            // negative numbers wrap in the unsigned type
            ScalarType.Byte => ("uint8_t", -255, 255),
            ScalarType.Int8 => ("int8_t", -128, 127),
            ScalarType.Int16 => ("int16_t", -32768, 32767),
            ScalarType.Int32 => ("int", int.MinValue, int.MaxValue),
            ScalarType.Int64 => ("int64_t", long.MinValue, long.MaxValue),
            ScalarType.Float16 => ("at::Half", -65504, 65504),
            ScalarType.Float32 => ("float", float.MinValue, float.MaxValue),
            ScalarType.BFloat16 => ("at::BFloat16", -3.3895313892515355e38, 3.3895313892515355e38),
            _ => ("", double.NegativeInfinity, double.PositiveInfinity),
        };
        bool floating = Dtypes.IsFloating(type);
        if (floating && !double.IsFinite(value.Real)) return;
        if (value.Real < least || value.Real > most) throw new ExternalException($"value cannot be converted to type {name} without overflow");
    }
}
