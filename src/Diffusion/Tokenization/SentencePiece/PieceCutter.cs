namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>A model's way to cut a normalized text into pieces.</summary>
/// <param name="model">The model.</param>
internal abstract class PieceCutter(ModelFile model)
{
    readonly int _unknownId = PieceReader.UnknownId(model);
    readonly int[]? _byteIds = model.Trainer.ByteFallback ? PieceReader.ByteIds(model) : null;

    /// <summary>The way that a model says.</summary>
    public static PieceCutter Of(ModelFile model) => model.Trainer.Cut == CutKind.Bpe ? new PairCutter(model) : new UnigramCutter(model);

    /// <summary>Appends the ids of a normalized text.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="ids">Where to append.</param>
    public abstract void Cut(ReadOnlySpan<byte> text, List<int> ids);

    /// <summary>
    /// Appends the ids of a character that no piece matches: its bytes where the model falls back to them, otherwise the
    /// unknown one, once for a run of such characters.
    /// </summary>
    /// <param name="character">It, in UTF-8.</param>
    /// <param name="ids">Where to append.</param>
    /// <param name="afterUnknown">Whether the unknown id stands for the character before.</param>
    protected void WriteUnknown(ReadOnlySpan<byte> character, List<int> ids, ref bool afterUnknown)
    {
        if (_byteIds is not null && HasAll(character, _byteIds))
        {
            foreach (byte b in character) ids.Add(_byteIds[b]);
            afterUnknown = false;
            return;
        }
        if (!afterUnknown) ids.Add(_unknownId);
        afterUnknown = true;
    }

    // tokenizer.json may lack some bytes.
    static bool HasAll(ReadOnlySpan<byte> character, int[] byteIds)
    {
        foreach (byte b in character)
            if (byteIds[b] < 0) return false;
        return true;
    }
}
