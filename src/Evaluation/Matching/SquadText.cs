using System.Text;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>SQuAD's normalisation: lower case, no ASCII punctuation, no articles (a, an, the); what is left is split at white space.</summary>
internal sealed class SquadText
{
    readonly CharBuffer _lower = new();
    readonly CharBuffer _text = new();

    /// <summary>The normalised text; valid until the next call.</summary>
    public ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        var lower = PythonText.Lower(text, _lower);
        _text.Clear();
        foreach (char c in lower)
            if (!IsPunctuation(c)) _text.Add(c);
        var rest = _text.Written;
        _lower.Clear();
        // An article is a whole run of letters and digits: "a" in "a–b" too, whatever the sign beside it.
        for (int start = 0; start < rest.Length;)
        {
            int end = start;
            while (end < rest.Length && Letter(rest[end..]) is > 0 and int width) end += width;
            var run = rest[start..end];
            if (run is "a" or "an" or "the") _lower.Add(' ');
            else _lower.Add(run);
            if (end < rest.Length && Letter(rest[end..]) == 0) _lower.Add(rest[end++]);
            start = end;
        }
        return _lower.Written;
    }

    static bool IsPunctuation(char c) => c < 128 && (char.IsPunctuation(c) || char.IsSymbol(c));

    /// <summary>The width of the letter or number that the text begins with; 0 where it begins with something else.</summary>
    static int Letter(ReadOnlySpan<char> text)
    {
        if (char.IsAscii(text[0])) return char.IsAsciiLetterOrDigit(text[0]) ? 1 : 0;
        Rune.DecodeFromUtf16(text, out var rune, out int width);
        return Rune.IsLetter(rune) || Rune.IsNumber(rune) ? width : 0;
    }
}
