using System.Globalization;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// What pieces become: their ids; what no piece matches becomes its bytes' ids where the model has them, otherwise one
/// unknown id a run.
/// </summary>
internal sealed class PieceWriter
{
    readonly int _unknownId;
    readonly int[]? _byteIds; // null: without byte fallback

    /// <exception cref="InvalidDataException">The model wants byte fallback and lacks a byte.</exception>
    public PieceWriter(ModelProto model)
    {
        _unknownId = model.UnknownId;
        if (!model.ByteFallback) return;
        _byteIds = new int[256];
        Array.Fill(_byteIds, -1);
        for (int id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Type == PieceType.Byte && ByteOf(model.Text(id)) is >= 0 and var value) _byteIds[value] = id;
        if (Array.IndexOf(_byteIds, -1) is >= 0 and var missing)
            throw new InvalidDataException($"The SentencePiece model has byte_fallback and no piece <0x{missing:X2}>.");
    }

    /// <summary>Appends a piece's id.</summary>
    /// <param name="piece">Its text.</param>
    /// <param name="id">Its id.</param>
    /// <param name="ids">Where to append.</param>
    /// <param name="afterUnknown">Whether the piece before was unknown.</param>
    public void Write(ReadOnlySpan<byte> piece, int id, List<int> ids, ref bool afterUnknown)
    {
        bool unknown = id == _unknownId;
        if (unknown && _byteIds is not null)
            foreach (byte b in piece) ids.Add(_byteIds[b]);
        else if (!unknown || !afterUnknown) ids.Add(id);
        afterUnknown = unknown;
    }

    /// <summary>The byte that a piece such as &lt;0x0A&gt; stands for, or -1.</summary>
    public static int ByteOf(ReadOnlySpan<byte> piece) =>
        piece.Length == 6 && piece.StartsWith("<0x"u8) && piece[5] == '>'
        && int.TryParse(Encoding.UTF8.GetString(piece[3..5]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) ? value : -1;
}
