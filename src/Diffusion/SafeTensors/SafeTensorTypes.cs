
namespace DiffusionBatch.Diffusion.SafeTensors;

/// <summary>Sizes and names of <see cref="SafeTensorType"/>.</summary>
public static class SafeTensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this SafeTensorType type) => type switch
    {
        SafeTensorType.F32 or SafeTensorType.I32 => 4,
        SafeTensorType.F16 or SafeTensorType.BF16 or SafeTensorType.I16 => 2,
        SafeTensorType.I64 or SafeTensorType.F64 => 8,
        SafeTensorType.BOOL or SafeTensorType.U8 or SafeTensorType.I8 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Whether the elements are floating-point numbers: weights, which are read as F32.</summary>
    public static bool IsFloat(this SafeTensorType type) =>
        type is SafeTensorType.F32 or SafeTensorType.F16 or SafeTensorType.BF16 or SafeTensorType.F64;
}
