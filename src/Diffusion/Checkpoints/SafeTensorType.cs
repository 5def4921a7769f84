namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>The element types of safetensors that this project reads.</summary>
public enum SafeTensorType
{
    /// <summary>32-bit floating point.</summary>
    F32,

    /// <summary>16-bit floating point, IEEE binary16.</summary>
    F16,

    /// <summary>16-bit floating point with eight exponent bits: the upper half of an F32.</summary>
    BF16,

    /// <summary>64-bit signed integers.</summary>
    I64,

    /// <summary>Booleans, a byte each.</summary>
    BOOL,
}

/// <summary>Sizes and names of <see cref="SafeTensorType"/>.</summary>
public static class SafeTensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this SafeTensorType type) => type switch
    {
        SafeTensorType.F32 => 4,
        SafeTensorType.F16 or SafeTensorType.BF16 => 2,
        SafeTensorType.I64 => 8,
        SafeTensorType.BOOL => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Whether the elements are numbers that widen to F32 without loss.</summary>
    public static bool IsFloat(this SafeTensorType type) => type is SafeTensorType.F32 or SafeTensorType.F16 or SafeTensorType.BF16;
}
