using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Architectures of new models. A folder's architecture is read from its config.json.</summary>
[LaterValues("roberta", "bert", "albert", "xlm-roberta-xl", "gpt2", "llama", "encoder-decoder", "sedd")]
public enum Architecture
{
    /// <summary>XLM-RoBERTa.</summary>
    [Literal("xlm-roberta")]
    XlmRoberta,
}
