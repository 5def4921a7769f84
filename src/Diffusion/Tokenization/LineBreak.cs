namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>The token that ends a block of blockwise attention.</summary>
public static class LineBreak
{
    /// <summary>
    /// The id whose text is a line break; -1 where the tokenizer takes line breaks for blanks or drops them, as XLM-R's and BERT's do, and
    /// where there is no tokenizer.
    /// </summary>
    public static int Of(ITextTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return tokenizer is not IdVocabulary && tokenizer.Encode("\n") is [.., var id]
            && tokenizer.Decode([id]).Contains('\n', StringComparison.Ordinal) ? id : -1;
    }
}
