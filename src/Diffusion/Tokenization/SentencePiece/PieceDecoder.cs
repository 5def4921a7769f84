using System.Buffers;
using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>Puts pieces together to the text they stand for.</summary>
/// <param name="model">The model.</param>
internal sealed class PieceDecoder(ModelFile model)
{
    const char EscapedSpace = '\u2581';

    readonly bool _addsSpace = model.Normalizer.AddSpace, _singleSpaces = model.Normalizer.SingleSpaces,
        _spaceIsSuffix = model.Trainer.SpaceIsSuffix;

    /// <summary>
    /// The text of pieces by their places: control pieces and the unknown one are left out, bytes that are not UTF-8 become U+FFFD.
    /// </summary>
    /// <param name="pieces">The pieces; -1 where an added token's text stands instead.</param>
    public string Decode(IEnumerable<(int Piece, string Added)> pieces)
    {
        var utf8 = new ArrayBufferWriter<byte>(256);
        bool isFirst = true; // nothing but spaces that encoding adds has come
        foreach (var (id, added) in pieces)
        {
            if (id < 0)
            {
                Encoding.UTF8.GetBytes(added, utf8);
                isFirst = false;
                continue;
            }
            var piece = model.Pieces[id];
            if (piece.Kind is PieceKind.Control or PieceKind.Unknown) continue;
            if (piece.Kind == PieceKind.Byte && PieceReader.ByteOf(piece.Text) is >= 0 and var value)
            {
                utf8.Write([(byte)value]);
                isFirst = false;
                continue;
            }
            ReadOnlySpan<char> text = piece.Text;
            if (isFirst && !_spaceIsSuffix && (_addsSpace || _singleSpaces) && text[0] == EscapedSpace)
            {
                text = text[1..];
                // Where extra spaces are taken away, no text begins with one.
                isFirst = _singleSpaces && text.IsEmpty;
            }
            else
            {
                isFirst = false;
            }
            Write(text, utf8);
        }
        var written = utf8.WrittenSpan;
        if (_spaceIsSuffix && _addsSpace && written is [.., (byte)' ']) written = written[..^1];
        return Encoding.UTF8.GetString(written);
    }

    static void Write(ReadOnlySpan<char> text, ArrayBufferWriter<byte> utf8)
    {
        foreach (var part in text.Split(EscapedSpace))
        {
            if (part.Start.Value > 0) utf8.Write(" "u8);
            Encoding.UTF8.GetBytes(text[part], utf8);
        }
    }
}
