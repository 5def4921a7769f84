using System.Buffers;
using System.Text;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>
/// SentencePiece's normalization: the rewriting rules, then white space: single and none around the text, one before it,
/// every space written as U+2581, as far as the model says so. User-defined pieces stay as they are.
/// </summary>
/// <param name="normalization">What is done.</param>
/// <param name="rules">The rewriting rules, or null.</param>
/// <param name="userDefined">Pieces that are not rewritten, or null.</param>
/// <param name="spaceIsSuffix">Whether the space is put behind the text.</param>
internal sealed class PieceNormalizer(NormalizerSpec normalization, CharacterRules? rules, PieceTrie? userDefined = null,
    bool spaceIsSuffix = false)
{
    readonly bool _addSpace = normalization.AddSpace, _singleSpaces = normalization.SingleSpaces,
        _escapeSpaces = normalization.EscapeSpaces;

    /// <summary>The rewriting rules alone: what tokenizer.json calls Precompiled.</summary>
    public static PieceNormalizer Of(CharacterRules? rules, PieceTrie? userDefined = null) =>
        new(new NormalizerSpec { AddSpace = false, SingleSpaces = false, EscapeSpaces = false }, rules, userDefined);

    /// <summary>The normalized text; half a surrogate pair becomes U+FFFD.</summary>
    public string Normalize(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var output = new PooledBytes(utf8.Length + 16);
        Normalize(utf8, ref output);
        string normalized = Encoding.UTF8.GetString(output.Written);
        output.Dispose();
        return normalized;
    }

    /// <summary>Appends the normalized text.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="output">Where it is appended.</param>
    /// <param name="isStart">Whether it begins a text. In one that doesn't, no space is put before what has none.</param>
    public void Normalize(ReadOnlySpan<byte> text, ref PooledBytes output, bool isStart = true)
    {
        ReadOnlySpan<byte> space = _escapeSpaces ? "\u2581"u8 : " "u8;
        bool hadSpace = false; // before it, among those that are made single
        if (_singleSpaces)
            for (; !text.IsEmpty && Next(text, out var first) is var length && first is [(byte)' ']; hadSpace = true) text = text[length..];
        if (text.IsEmpty) return;
        if (_addSpace && !spaceIsSuffix && (isStart || hadSpace)) output.Add(space);

        bool afterSpace = _singleSpaces;
        while (!text.IsEmpty)
        {
            if (IsPlain(text))
            {
                output.Add(text[0]);
                afterSpace = false;
                text = text[1..];
                continue;
            }
            text = text[Next(text, out var part)..];
            if (afterSpace) part = part.TrimStart((byte)' ');
            foreach (byte b in part)
            {
                if (b == ' ') output.Add(space);
                else output.Add(b);
            }
            if (!part.IsEmpty) afterSpace = _singleSpaces && part[^1] == ' ';
        }
        while (_singleSpaces && output.Written.EndsWith(space)) output.Length -= space.Length;
        if (_addSpace && spaceIsSuffix) output.Add(space);
    }

    /// <summary>Whether the first character certainly stays as it is and is no space.</summary>
    bool IsPlain(ReadOnlySpan<byte> text) => text[0] < 128 && text[0] != ' ' && userDefined is null
        && (rules is null || (rules.KeepsBeforeAscii(text[0]) && (text.Length == 1 || text[1] < 128)));

    /// <summary>What the text's beginning becomes, and how many bytes that beginning has.</summary>
    int Next(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> normalized)
    {
        int length = userDefined?.LongestPrefix(text, out _) ?? 0;
        if (length == 0 && rules is not null && rules.Match(text, out normalized) is > 0 and var matched) return matched;
        if (length == 0 && Rune.DecodeFromUtf8(text, out _, out length) != OperationStatus.Done) length = 1;
        normalized = text[..length];
        return length;
    }
}
