namespace Microsoft.ML.Tokenizers;

/// <summary>What encoding gave.</summary>
/// <typeparam name="T">Ids.</typeparam>
public struct EncodeResults<T>
{
    /// <summary>The ids, in order.</summary>
    public IReadOnlyList<T> Tokens { get; set; }

    /// <summary>The text after normalization, or null where there was none.</summary>
    public string? NormalizedText { get; set; }

    /// <summary>Number of UTF-16 code units of the (normalized) text that the ids cover.</summary>
    public int CharsConsumed { get; set; }
}
