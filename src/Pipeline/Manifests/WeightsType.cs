namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The numbers that a checkpoint's weights are written in.</summary>
public enum WeightsType
{
    /// <summary>IEEE single precision, 4 bytes a number.</summary>
    Float32,

    /// <summary>The upper half of a float32, 2 bytes a number.</summary>
    Bfloat16,
}
