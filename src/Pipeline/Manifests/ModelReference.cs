using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>A model that exists, or that an earlier job of the pipeline makes.</summary>
public sealed record ModelReference
{
    /// <summary>The model's folder.</summary>
    [Field("A model folder in the Hugging Face layout, or an earlier finetune job's output.")]
    [Path(PathRole.InputFolder)]
    public required string From { get; init; }
}
