using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>What happens to the model's vocabulary.</summary>
public sealed record VocabularySettings
{
    /// <summary>Whether pieces that the training texts don't use are dropped.</summary>
    [Field("Whether pieces that the training texts don't use are dropped from the embeddings, which makes the model smaller and faster.")]
    public bool Trim { get; init; }
}
