namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>Appends pieces' ids. What no piece matches becomes its bytes' ids where the model falls back to them, otherwise one unknown id a run.</summary>
/// <param name="model">The model.</param>
internal sealed class PieceWriter(ModelFile model)
{
    readonly int _unknownId = PieceReader.UnknownId(model);
    readonly int[]? _byteIds = model.Trainer.ByteFallback ? PieceReader.ByteIds(model) : null;

    /// <summary>Appends the ids of a character that no piece matches.</summary>
    /// <param name="character">It, in UTF-8.</param>
    /// <param name="ids">Where to append.</param>
    /// <param name="afterUnknown">Whether the unknown id stands for the character before.</param>
    public void WriteUnknown(ReadOnlySpan<byte> character, List<int> ids, ref bool afterUnknown)
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
