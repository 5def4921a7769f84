using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Tokenizers that can be trained.</summary>
[LaterValues("sentencepiece", "unigram", "wordpiece")]
public enum TokenizerKind
{
    /// <summary>Byte-level byte-pair encoding, as RoBERTa's.</summary>
    Bpe,
}
