using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>Finds the label of an option, a single letter or digit.</summary>
internal static class ChoiceLabel
{
    /// <summary>
    /// The label that a text is or begins with: "B", "b", "(B)", "[B]", "B)", "B.", "B: Paris"; null where it has none there.
    /// A letter is given in upper case.
    /// </summary>
    public static char? Given(ReadOnlySpan<char> text)
    {
        text = PythonText.Trim(text);
        bool bracket = text.Length > 0 && text[0] is '(' or '[';
        if (bracket) text = text[1..];
        if (text.IsEmpty || !char.IsAsciiLetterOrDigit(text[0])) return null;
        bool ends = text.Length == 1 ? !bracket
            : text[1] is ')' or ']' || (!bracket && text[1] is '.' or ':' && (text.Length == 2 || PythonText.IsSpace(text[2])));
        return ends ? char.ToUpperInvariant(text[0]) : null;
    }

    /// <summary>
    /// The label that an answer gives: the one it begins with; else the first after the last "answer"; else the last in
    /// brackets; else the last that stands alone. Outside brackets labels are capitals, I is none, and A is none where it may
    /// be an article.
    /// </summary>
    /// <param name="text">The answer.</param>
    /// <param name="digits">Whether labels are digits; otherwise they are letters.</param>
    public static char? Find(ReadOnlySpan<char> text, bool digits)
    {
        if (Given(text) is { } given && char.IsAsciiDigit(given) == digits) return given;
        int answer = text.LastIndexOf("answer", StringComparison.OrdinalIgnoreCase);
        if (answer >= 0)
        {
            var rest = text[answer..];
            for (int i = 0; i < rest.Length; i++)
                if (InBrackets(rest, i, digits) || (Alone(rest, i) && IsLabel(rest[i], digits))) return char.ToUpperInvariant(rest[i]);
        }
        for (int i = text.Length - 1; i >= 0; i--)
            if (InBrackets(text, i, digits)) return char.ToUpperInvariant(text[i]);
        for (int i = text.Length - 1; i >= 0; i--)
            if (Alone(text, i) && IsLabel(text[i], digits) && !MayBeArticle(text, i)) return text[i];
        return null;
    }

    static bool IsLabel(char c, bool digits) => digits ? char.IsAsciiDigit(c) : char.IsAsciiLetterUpper(c) && c != 'I';

    static bool InBrackets(ReadOnlySpan<char> text, int at, bool digits) =>
        (digits ? char.IsAsciiDigit(text[at]) : char.IsAsciiLetter(text[at]))
        && at > 0 && text[at - 1] is '(' or '[' && at + 1 < text.Length && text[at + 1] is ')' or ']';

    static bool Alone(ReadOnlySpan<char> text, int at) =>
        (at == 0 || !IsWord(text[at - 1])) && (at + 1 == text.Length || !IsWord(text[at + 1]));

    static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '\'' or '\u2019' or '-' or '_';

    static bool MayBeArticle(ReadOnlySpan<char> text, int at) => text[at] == 'A' && at + 2 < text.Length && text[at + 1] == ' ' && char.IsLower(text[at + 2]);
}
