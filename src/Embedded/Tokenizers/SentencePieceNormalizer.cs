using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// SentencePiece's normalizer: the model's rewriting rules, then white space: taken away around the text and made single, a
/// space put before it, every space written as U+2581.
/// </summary>
public sealed class SentencePieceNormalizer : Normalizer
{
    static ReadOnlySpan<byte> EscapedSpace => "\u2581"u8;

    readonly PrecompiledCharsMap? _map;
    readonly PieceTrie? _userDefined;

    internal SentencePieceNormalizer(ModelProto model, PieceTrie? userDefined)
    {
        _map = model.CharsMap.IsEmpty ? null : new PrecompiledCharsMap(model.CharsMap.Span);
        _userDefined = userDefined;
        AddDummyPrefix = model.AddDummyPrefix;
        RemoveExtraWhiteSpaces = model.RemoveExtraWhitespaces;
        EscapeWhiteSpaces = model.EscapeWhitespaces;
        TreatWhitespaceAsSuffix = model.TreatWhitespaceAsSuffix;
    }

    /// <summary>Whether a space is put before the text (after it, with <see cref="TreatWhitespaceAsSuffix"/>).</summary>
    public bool AddDummyPrefix { get; }

    /// <summary>Whether spaces are written as U+2581.</summary>
    public bool EscapeWhiteSpaces { get; }

    /// <summary>Whether spaces around the text are taken away and several become one.</summary>
    public bool RemoveExtraWhiteSpaces { get; }

    /// <summary>Whether a word's space is the one behind it.</summary>
    public bool TreatWhitespaceAsSuffix { get; }

    /// <inheritdoc/>
    public override string Normalize(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return Normalize(original.AsSpan());
    }

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original)
    {
        byte[] utf8 = new byte[Encoding.UTF8.GetMaxByteCount(original.Length)];
        var output = new Utf8Buffer(utf8.Length + 16);
        Normalize(utf8.AsSpan(0, Encoding.UTF8.GetBytes(original, utf8)), ref output);
        string text = Encoding.UTF8.GetString(output.Written);
        output.Dispose();
        return text;
    }

    /// <summary>Normalizes valid UTF-8.</summary>
    internal void Normalize(ReadOnlySpan<byte> text, ref Utf8Buffer output)
    {
        ReadOnlySpan<byte> space = EscapeWhiteSpaces ? EscapedSpace : " "u8;
        if (RemoveExtraWhiteSpaces)
        {
            while (!text.IsEmpty)
            {
                int length = Prefix(text, out var start);
                if (!start.SequenceEqual(" "u8)) break;
                text = text[length..];
            }
        }
        if (text.IsEmpty) return;
        if (AddDummyPrefix && !TreatWhitespaceAsSuffix) output.Add(space);

        bool afterSpace = RemoveExtraWhiteSpaces;
        while (!text.IsEmpty)
        {
            byte first = text[0];
            if (first != ' ' && IsPlain(first, text))
            {
                output.Add(first);
                afterSpace = false;
                text = text[1..];
                continue;
            }
            text = text[Prefix(text, out var piece)..];
            while (afterSpace && !piece.IsEmpty && piece[0] == ' ') piece = piece[1..];
            foreach (byte b in piece)
            {
                if (b == ' ') output.Add(space);
                else output.Add(b);
            }
            if (!piece.IsEmpty) afterSpace = RemoveExtraWhiteSpaces && piece[^1] == ' ';
        }
        if (RemoveExtraWhiteSpaces)
            while (output.Written.EndsWith(space)) output.Length -= space.Length;
        if (AddDummyPrefix && TreatWhitespaceAsSuffix) output.Add(space);
    }

    /// <summary>Whether the first character certainly stays as it is.</summary>
    bool IsPlain(byte first, ReadOnlySpan<byte> text) =>
        first < 128 && _userDefined is null && (_map is null || (_map.KeepsBeforeAscii(first) && (text.Length == 1 || text[1] < 128)));

    /// <summary>What the text's beginning becomes, and the length of that beginning in bytes.</summary>
    int Prefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> normalized)
    {
        int length = _userDefined?.LongestPrefix(text) ?? 0;
        if (length == 0 && _map is not null)
        {
            length = _map.Match(text, out normalized);
            if (length > 0) return length;
        }
        if (length == 0) length = Utf8Length(text[0]);
        normalized = text[..length];
        return length;
    }

    /// <summary>The length of the character that a byte begins.</summary>
    internal static int Utf8Length(byte first) => first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}
