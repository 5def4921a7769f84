using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The arithmetic of training.</summary>
[LaterValues("float16", "bfloat16", "mixed", "float64")]
public enum Precision
{
    /// <summary>IEEE single precision throughout.</summary>
    Float32,
}
