namespace Microsoft.ML.Tokenizers;

/// <summary>A SentencePiece model's way to cut a normalized text into pieces.</summary>
internal interface IPieceEncoder
{
    /// <summary>Appends the ids of a normalized text in UTF-8.</summary>
    void Encode(ReadOnlySpan<byte> text, List<int> ids);
}
