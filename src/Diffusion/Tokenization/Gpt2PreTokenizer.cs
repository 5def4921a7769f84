using System.Text;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// GPT-2's split, over whole Unicode scalar values: English contractions ('s 't 're 've 'm 'll 'd), then runs of letters, of
/// numbers and of other signs, each with at most one space before it; white space leaves its last character to what follows.
/// The library's own RobertaPreTokenizer works on UTF-16 code units and takes letters beyond the basic plane for signs.
/// </summary>
internal sealed class Gpt2PreTokenizer : PreTokenizer
{
    enum Kind
    {
        Letter,
        Number,
        Sign,
        Space,
    }

    /// <summary>The one instance that is ever needed.</summary>
    public static Gpt2PreTokenizer Instance { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        for (int start = 0, length; start < text.Length; start += length)
            yield return (start, length = PieceLength(text.AsSpan(start)));
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var pieces = new List<(int Offset, int Length)>();
        for (int start = 0; start < text.Length; start += pieces[^1].Length)
            pieces.Add((start, PieceLength(text[start..])));
        return pieces;
    }

    /// <summary>The length of the first piece, in UTF-16 code units; at least 1 where there is text.</summary>
    public static int PieceLength(ReadOnlySpan<char> text)
    {
        if (Contraction(text) is > 0 and int contraction) return contraction;
        int space = text[0] == ' ' ? 1 : 0;
        if (space < text.Length && KindAt(text[space..], out _) is var kind && kind != Kind.Space)
            return space + RunLength(text[space..], kind);
        int run = RunLength(text, Kind.Space);
        return run == text.Length || run == 1 ? run : run - 1;
    }

    static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'') return 0;
        if (text[1] is 's' or 't' or 'm' or 'd') return 2;
        return text[1..] is ['r', 'e', ..] or ['v', 'e', ..] or ['l', 'l', ..] ? 3 : 0;
    }

    static int RunLength(ReadOnlySpan<char> text, Kind kind)
    {
        int length = 0;
        while (length < text.Length && KindAt(text[length..], out int width) == kind) length += width;
        return length;
    }

    static Kind KindAt(ReadOnlySpan<char> text, out int width)
    {
        char c = text[0];
        width = 1;
        if (char.IsAscii(c))
        {
            if (char.IsAsciiLetter(c)) return Kind.Letter;
            if (char.IsAsciiDigit(c)) return Kind.Number;
            return char.IsWhiteSpace(c) ? Kind.Space : Kind.Sign;
        }
        Rune.DecodeFromUtf16(text, out var rune, out width);
        if (Rune.IsLetter(rune)) return Kind.Letter;
        if (Rune.IsNumber(rune)) return Kind.Number;
        return Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Sign;
    }
}
