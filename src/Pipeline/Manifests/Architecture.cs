using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Architectures of new models. A folder's architecture is read from its config.json.</summary>
[LaterValues("sedd")]
public enum Architecture
{
    /// <summary>XLM-RoBERTa.</summary>
    [Literal("xlm-roberta")]
    XlmRoberta,

    /// <summary>RoBERTa.</summary>
    Roberta,

    /// <summary>BERT.</summary>
    Bert,

    /// <summary>XLM-RoBERTa XL: LayerNorm before each part.</summary>
    [Literal("xlm-roberta-xl")]
    XlmRobertaXl,

    /// <summary>ALBERT: all layers share their parameters.</summary>
    Albert,

    /// <summary>GPT-2.</summary>
    Gpt2,

    /// <summary>LLaMA.</summary>
    Llama,

    /// <summary>An encoder for the prompt and a decoder for the response, as BART has them.</summary>
    [Literal("encoder-decoder")]
    EncoderDecoder,
}
