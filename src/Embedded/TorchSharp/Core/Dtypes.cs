using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Facts about element types and PyTorch's promotion rules over them.</summary>
internal static class Dtypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        _ => 16,
    };

    public static bool IsFloating(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    public static bool IsIntegral(ScalarType type) => type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;

    /// <summary>Half precision is storage only: it is computed in float32.</summary>
    public static ScalarType Compute(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : type;

    static int Category(ScalarType type) => type == ScalarType.Bool ? 0 : IsIntegral(type) ? 1 : 2;

    /// <summary>Whether an operation in place may write a result of one type into a tensor of another.</summary>
    public static bool CanCast(ScalarType from, ScalarType to) => Category(from) <= Category(to);

    /// <summary>The common type of two tensors with dimensions.</summary>
    public static ScalarType Promote(ScalarType a, ScalarType b)
    {
        if (a == b) return a;
        int ca = Category(a), cb = Category(b);
        if (ca != cb) return ca > cb ? a : b;
        if (ca == 2)
        {
            if (a == ScalarType.Float64 || b == ScalarType.Float64) return ScalarType.Float64;
            return ScalarType.Float32; // float16 with bfloat16, or either with float32
        }
        if (a == ScalarType.Byte || b == ScalarType.Byte)
        {
            ScalarType other = a == ScalarType.Byte ? b : a;
            return other == ScalarType.Int8 ? ScalarType.Int16 : other;
        }
        return Size(a) >= Size(b) ? a : b;
    }

    /// <summary>The result type of an operation: tensors with dimensions go before zero-dimensional ones of the same category.</summary>
    public static ScalarType Result(Tensor a, Tensor b)
    {
        if (a.type == b.type) return a.type;
        bool za = a.sizes.Length == 0, zb = b.sizes.Length == 0;
        if (za != zb)
        {
            ScalarType with = za ? b.type : a.type, without = za ? a.type : b.type;
            return Category(with) >= Category(without) ? with : Promote(with, without);
        }
        return Promote(a.type, b.type);
    }

    /// <summary>The result type of a tensor with a number: a number of a higher category brings the default of its category.</summary>
    public static ScalarType Result(Tensor a, Scalar b)
    {
        ScalarType of = b.Type;
        if (Category(a.type) >= Category(of)) return a.type;
        return IsFloating(of) ? get_default_dtype() : ScalarType.Int64;
    }

    /// <summary>The element type that holds a .NET type.</summary>
    public static ScalarType Of(Type type)
    {
        if (type == typeof(float)) return ScalarType.Float32;
        if (type == typeof(double)) return ScalarType.Float64;
        if (type == typeof(long)) return ScalarType.Int64;
        if (type == typeof(int)) return ScalarType.Int32;
        if (type == typeof(short)) return ScalarType.Int16;
        if (type == typeof(sbyte)) return ScalarType.Int8;
        if (type == typeof(byte)) return ScalarType.Byte;
        if (type == typeof(bool)) return ScalarType.Bool;
        if (type == typeof(Half)) return ScalarType.Float16;
        throw new ArgumentException($"No tensor element type holds {type.Name}.");
    }
}
