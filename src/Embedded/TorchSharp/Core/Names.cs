using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>PyTorch's names of element types, as its error messages write them.</summary>
internal static class Names
{
    public static string Of(ScalarType type) => type switch
    {
        ScalarType.Float32 => "Float",
        ScalarType.Float64 => "Double",
        ScalarType.Int64 => "Long",
        ScalarType.Int32 => "Int",
        ScalarType.Int16 => "Short",
        ScalarType.Int8 => "Char",
        ScalarType.Byte => "Byte",
        ScalarType.Bool => "Bool",
        ScalarType.Float16 => "Half",
        _ => type.ToString(),
    };

    /// <summary>The names that some messages write: "float", "long int".</summary>
    public static string InWords(ScalarType type) => type switch
    {
        ScalarType.Float32 => "float",
        ScalarType.Float64 => "double",
        ScalarType.Int64 => "long int",
        ScalarType.Int32 => "int",
        ScalarType.Int16 => "short int",
        ScalarType.Int8 => "signed char",
        ScalarType.Byte => "unsigned char",
        ScalarType.Bool => "bool",
        ScalarType.Float16 => "c10::Half",
        _ => "c10::BFloat16",
    };
}
