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
