namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>The tokenizer families that can be asked for by name.</summary>
public enum TokenizerFamily
{
    /// <summary>SentencePiece in Hugging Face's numbering for XLM-R; &lt;s&gt; text &lt;/s&gt;.</summary>
    XlmRoberta,

    /// <summary>SentencePiece in the model's own numbering; &lt;s&gt; before the text.</summary>
    Llama,

    /// <summary>SentencePiece in the model's own numbering, nothing added.</summary>
    SentencePiece,

    /// <summary>Byte-level BPE, nothing added.</summary>
    Gpt2,

    /// <summary>Byte-level BPE; &lt;s&gt; text &lt;/s&gt;.</summary>
    Roberta,

    /// <summary>WordPiece, or expressions where the vocabulary is of such; [CLS] text [SEP].</summary>
    Bert,
}
