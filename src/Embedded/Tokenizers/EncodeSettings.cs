namespace Microsoft.ML.Tokenizers;

/// <summary>How a text is to be encoded.</summary>
public struct EncodeSettings
{
    /// <summary>Everything considered.</summary>
    public EncodeSettings()
    {
    }

    /// <summary>Whether the text is split by the pre-tokenizer; otherwise it is one piece.</summary>
    public bool ConsiderPreTokenization { get; set; } = true;

    /// <summary>Whether the text passes the normalizer.</summary>
    public bool ConsiderNormalization { get; set; } = true;
}
