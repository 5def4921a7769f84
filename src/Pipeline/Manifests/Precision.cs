using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The arithmetic of training.</summary>
[LaterValues("float16", "mixed", "float64")]
public enum Precision
{
    /// <summary>IEEE single precision throughout.</summary>
    Float32,

    /// <summary>Matrix products of numbers rounded to bfloat16; weights and all else in single precision.</summary>
    Bfloat16,

    /// <summary>bfloat16 where the machine that begins the training is fast at it, otherwise single precision.</summary>
    Auto,
}
