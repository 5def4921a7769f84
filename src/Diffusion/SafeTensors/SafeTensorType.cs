namespace DiffusionBatch.Diffusion.SafeTensors;

/// <summary>The element types of safetensors. Weights are F32, F16, BF16 or F64; the others are kept as they are.</summary>
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

    /// <summary>Bytes.</summary>
    U8,

    /// <summary>8-bit signed integers.</summary>
    I8,

    /// <summary>16-bit signed integers.</summary>
    I16,

    /// <summary>32-bit signed integers.</summary>
    I32,

    /// <summary>64-bit floating point; read as F32, rounded to nearest.</summary>
    F64,
}
