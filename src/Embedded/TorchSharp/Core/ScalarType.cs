namespace TorchSharp;

public static partial class torch
{
    /// <summary>The element types, numbered as in PyTorch.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        ComplexFloat32 = 9,
        ComplexFloat64 = 10,
        Bool = 11,
        BFloat16 = 15,
    }

    public static readonly ScalarType uint8 = ScalarType.Byte;
    public static readonly ScalarType int8 = ScalarType.Int8;
    public static readonly ScalarType int16 = ScalarType.Int16;
    public static readonly ScalarType int32 = ScalarType.Int32;
    public static readonly ScalarType int64 = ScalarType.Int64;
    public static readonly ScalarType float16 = ScalarType.Float16;
    public static readonly ScalarType float32 = ScalarType.Float32;
    public static readonly ScalarType float64 = ScalarType.Float64;
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;
    public static readonly ScalarType @short = ScalarType.Int16;
    public static readonly ScalarType @int = ScalarType.Int32;
    public static readonly ScalarType @long = ScalarType.Int64;
    public static readonly ScalarType half = ScalarType.Float16;
    public static readonly ScalarType @float = ScalarType.Float32;
    public static readonly ScalarType @double = ScalarType.Float64;
    public static readonly ScalarType @bool = ScalarType.Bool;

    static ScalarType defaultType = ScalarType.Float32;

    /// <summary>The type of floating-point tensors whose type is not given.</summary>
    public static ScalarType get_default_dtype() => defaultType;

    /// <summary>Sets the type of floating-point tensors whose type is not given.</summary>
    /// <exception cref="ArgumentException">For a type of whole numbers.</exception>
    public static void set_default_dtype(ScalarType dtype) => defaultType = Core.Dtypes.IsFloating(dtype) ? dtype
        : throw new ArgumentException("only floating-point types are supported as the default type");

    /// <summary>True for float16, bfloat16, float32 and float64.</summary>
    public static bool is_floating_point(ScalarType type) => Core.Dtypes.IsFloating(type);

    /// <summary>True for the integer types, bool excluded.</summary>
    public static bool is_integral(ScalarType type) => Core.Dtypes.IsIntegral(type) || type == ScalarType.Bool;
}
