namespace DiffusionBatch.Diffusion.Training;

/// <summary>The arithmetic of training. Weights, optimizer, normalisation, softmax and loss are in float32 always.</summary>
public enum Precision
{
    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>Matrix products of numbers rounded to bfloat16.</summary>
    BFloat16,

    /// <summary>bfloat16 where the device is fast at it and the model wide enough to gain, otherwise float32; settled when a run begins and kept when it is resumed.</summary>
    Auto,
}
