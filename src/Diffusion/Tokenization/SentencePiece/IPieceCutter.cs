namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>A model's way to cut a normalized text into pieces.</summary>
internal interface IPieceCutter
{
    /// <summary>Appends the ids of a normalized text.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="ids">Where to append.</param>
    void Cut(ReadOnlySpan<byte> text, List<int> ids);
}
