using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>
/// Writes a Unigram model of tokenizer.json as the SentencePiece model that the library reads: protocol buffer fields of
/// sentencepiece_model.proto. White space is left to the pre-tokenizer.
/// </summary>
internal static class UnigramModelWriter
{
    const int Normal = 1, Unknown = 2, Control = 3, Byte = 6;

    /// <summary>Opens a model of these pieces.</summary>
    /// <param name="part">Where it stands, for errors.</param>
    /// <param name="pieces">The pieces with their log-probabilities; the index is the id.</param>
    /// <param name="unknown">The id of what no piece matches.</param>
    /// <param name="byteFallback">Whether that becomes its bytes.</param>
    /// <param name="specials">Ids that are never found in texts.</param>
    /// <param name="charsMap">Rewriting rules, or none.</param>
    /// <exception cref="TokenizerException">The library refuses the model.</exception>
    public static SentencePieceTokenizer Open(SerializedPart part, IReadOnlyList<(string Piece, float Score)> pieces, int unknown, bool byteFallback, IReadOnlySet<int> specials, byte[]? charsMap = null)
    {
        var model = new MemoryStream();
        Span<byte> single = stackalloc byte[4];
        for (int id = 0; id < pieces.Count; id++)
        {
            var (text, score) = pieces[id];
            var piece = new MemoryStream();
            Bytes(piece, 1, Encoding.UTF8.GetBytes(text));
            Varint(piece, 2 << 3 | 5);
            BinaryPrimitives.WriteSingleLittleEndian(single, score);
            piece.Write(single);
            bool isByte = byteFallback && text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>';
            Number(piece, 3, id == unknown ? Unknown : isByte ? Byte : specials.Contains(id) ? Control : Normal);
            Bytes(model, 1, piece.ToArray());
        }
        var trainer = new MemoryStream();
        Number(trainer, 3, 1);
        Number(trainer, 35, byteFallback ? 1 : 0);
        Number(trainer, 40, unknown);
        Bytes(model, 2, trainer.ToArray());
        var normalizer = new MemoryStream();
        if (charsMap is not null) Bytes(normalizer, 2, charsMap);
        foreach (int field in (ReadOnlySpan<int>)[3, 4, 5]) Number(normalizer, field, 0); // no prefix, no white space taken away, none escaped
        Bytes(model, 3, normalizer.ToArray());
        model.Position = 0;
        try
        {
            return SentencePieceTokenizer.Create(model, addBeginningOfSentence: false, addEndOfSentence: false);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw new TokenizerException(part.File, null, $"{part.Path}: {e.Message}", e);
        }
    }

    static void Bytes(MemoryStream output, int field, byte[] value)
    {
        Varint(output, (uint)field << 3 | 2);
        Varint(output, (uint)value.Length);
        output.Write(value);
    }

    static void Number(MemoryStream output, int field, int value)
    {
        Varint(output, (uint)field << 3);
        Varint(output, (uint)value);
    }

    static void Varint(MemoryStream output, uint value)
    {
        for (; value >= 0x80; value >>= 7) output.WriteByte((byte)(value | 0x80));
        output.WriteByte((byte)value);
    }
}
