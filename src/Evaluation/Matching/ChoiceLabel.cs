using System.Text;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>Finds the label of an option, a single letter or digit, in a text of plain signs (<see cref="ChoiceText"/>).</summary>
internal static class ChoiceLabel
{
    const string Markup = "*_`#>\"' \t\r\n";

    /// <summary>
    /// The label that a text is or begins with: "B", "b", "(B)", "[B]", "B)", "B.", "B: Paris", "B" on a line of its own; null
    /// where it has none there. A letter is given in upper case.
    /// </summary>
    public static char? Given(ReadOnlySpan<char> text)
    {
        text = PythonText.Trim(text).TrimStart(Markup);
        bool bracket = text.Length > 0 && text[0] is '(' or '[';
        if (bracket) text = text[1..];
        if (text.IsEmpty || !char.IsAsciiLetterOrDigit(text[0])) return null;
        char label = char.ToUpperInvariant(text[0]);
        var rest = text[1..].TrimStart("*_`\"'");
        if (rest.IsEmpty) return bracket ? null : label;
        if (rest[0] is ')' or ']') return label;
        if (bracket) return null;
        if (rest[0] is '\n' or '\r') return label;
        if (rest[0] is '.' or ':') return rest.Length == 1 || PythonText.IsSpace(rest[1]) || Scripts.IsUnspaced(rest[1]) ? label : null;
        // "B, because": a label; "A, B and C are wrong": a list; "I, because": a person.
        bool parted = rest[0] == ',' || PythonText.IsSpace(rest[0]);
        return label != 'I' && parted
            && (AnswerWords.GoesOn(rest[1..]) || (rest[0] == ',' && rest.Length > 1 && Scripts.IsUnspaced(rest[1]))) ? label : null;
    }

    /// <summary>
    /// The label that an answer gives: the one it begins with; else the first after the last "answer" (also in other
    /// languages) that has one; else the last that is said to be right; else the last that is said to be chosen; else the last
    /// in brackets; else the last that stands alone and isn't said to be wrong. Right after an announcement labels may be small and I is
    /// one; elsewhere outside brackets labels are capitals, I is none, and A is none where it may be an article. A label behind a "not" is
    /// none.
    /// </summary>
    /// <param name="text">The answer.</param>
    /// <param name="digits">Whether labels are digits; otherwise they are letters.</param>
    public static char? Find(ReadOnlySpan<char> text, bool digits)
    {
        if (Given(text) is { } given && char.IsAsciiDigit(given) == digits) return given;
        return Announced(text, digits) ?? ChoiceClaims.Right(text, digits) ?? Chosen(text, digits) ?? Last(text, digits);
    }

    /// <summary>Whether a label of a kind stands here, whatever it means.</summary>
    public static bool IsAlone(ReadOnlySpan<char> text, int at, bool digits) =>
        (digits ? char.IsAsciiDigit(text[at]) : char.IsAsciiLetter(text[at]))
        && (at == 0 || !IsWord(text[at - 1])) && (at + 1 == text.Length || !IsWord(text[at + 1]));

    /// <summary>Whether brackets stand around a label here, and no letter before them as in "answer(s)".</summary>
    public static bool InBrackets(ReadOnlySpan<char> text, int at, bool digits) =>
        (digits ? char.IsAsciiDigit(text[at]) : char.IsAsciiLetter(text[at]))
        && at > 0 && text[at - 1] is '(' or '[' && at + 1 < text.Length && text[at + 1] is ')' or ']'
        && (at == 1 || !Scripts.IsWord(text[at - 2]));

    /// <summary>The label behind the last "answer" that has one, up to the next.</summary>
    static char? Announced(ReadOnlySpan<char> text, bool digits)
    {
        for (int end = text.Length; AnswerWords.Last(AnswerWords.Announcements, text[..end], out int after) is >= 0 and var at; end = at)
        {
            if ((RightAfter(text, after, digits) ?? ChoiceClaims.Right(AnswerWords.Sentence(text[..after]), digits)) is { } label)
                return label;
            for (int i = after; i < end; i++)
            {
                bool stands = InBrackets(text, i, digits)
                    || (IsAlone(text, i, digits) && IsCapital(text[i], digits) && !MayBeArticle(text, i));
                if (stands && !AnswerWords.IsDenied(text, i)) return char.ToUpperInvariant(text[i]);
            }
        }
        return null;
    }

    /// <summary>The label right behind the last word of choosing that has one: "I pick b", 故选B.</summary>
    static char? Chosen(ReadOnlySpan<char> text, bool digits)
    {
        for (int end = text.Length; AnswerWords.Last(AnswerWords.Choosing, text[..end], out int after) is >= 0 and var at; end = at)
        {
            bool noun = after < text.Length && text[after] is '项' or '項'; // 选项: an option
            if (!noun && !AnswerWords.IsDenied(text, at) && RightAfter(text, after, digits) is { } label) return label;
        }
        return null;
    }

    static char? Last(ReadOnlySpan<char> text, bool digits)
    {
        for (int i = text.Length - 1; i >= 0; i--)
            if (InBrackets(text, i, digits) && !AnswerWords.IsDenied(text, i)) return char.ToUpperInvariant(text[i]);
        for (int i = text.Length - 1; i >= 0; i--)
            if (IsAlone(text, i, digits) && IsCapital(text[i], digits) && !MayBeArticle(text, i) && !AnswerWords.IsDenied(text, i)
                && !ChoiceClaims.IsWrong(text[(i + 1)..])) return text[i];
        return null;
    }

    /// <summary>
    /// The label that an announcement ends in, words such as "is", "must be" and "option" and signs left aside; case makes no difference.
    /// </summary>
    static char? RightAfter(ReadOnlySpan<char> text, int after, bool digits)
    {
        int at = AnswerWords.SkipLinks(text, after, out bool sentence);
        if (at == text.Length || !IsAlone(text, at, digits)) return null;
        // "a car", "I think": a word. A capital A within a sentence is no article.
        char label = char.ToUpperInvariant(text[at]);
        bool word = label is 'I' || (label is 'A' && (sentence || text[at] == 'a'));
        bool runsOn = at + 2 < text.Length && text[at + 1] == ' '
            && (text[at] == 'A' ? char.IsLower(text[at + 2]) : char.IsLetter(text[at + 2])) && !AnswerWords.GoesOn(text[(at + 1)..]);
        return word && runsOn ? null : label;
    }

    static bool IsCapital(char c, bool digits) => digits || (char.IsAsciiLetterUpper(c) && c != 'I');

    static bool IsWord(char c) => Scripts.IsWord(c) || c is '\'' or '-' or '_';

    static bool MayBeArticle(ReadOnlySpan<char> text, int at) =>
        text[at] == 'A' && at + 2 < text.Length && text[at + 1] == ' ' && char.IsLower(text[at + 2])
            && !AnswerWords.GoesOn(text[(at + 1)..]);
}

/// <summary>Finds the option that a text says is right: "option A is right", "B is the correct answer", 选项C正确.</summary>
internal static class ChoiceClaims
{
    const int MostWords = 4; // between "is" and "right"

    static readonly string[] s_right = ["right", "correct", "true", "best", "answer", "accurate", "richtig", "korrekt"];
    static readonly string[] s_wrong = ["wrong", "incorrect", "false", "not", "falsch"];
    static readonly string[] s_chineseRight = ["正确", "正確", "对", "對"];
    static readonly string[] s_chineseWrong = ["错", "錯", "不"];
    static readonly string[] s_verbs = ["is", "was", "must", "would", "should", "seems", "looks", "appears", "ist"];
    static readonly string[] s_between =
    [
        "be", "to", "the", "a", "my", "our", "also", "clearly", "definitely", "certainly", "probably", "likely", "most", "more", "only",
        "indeed", "therefore", "thus", "obviously",
        "option", "choice", "one", "final", "single", "die", "richtige", "korrekte",
    ];
    static readonly string[] s_options = ["option", "choice", "statement", "label", "letter", "alternative"];

    /// <summary>The label of the last such claim; a question is none.</summary>
    public static char? Right(ReadOnlySpan<char> text, bool digits)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (!ChoiceLabel.IsAlone(text, i, digits) || AnswerWords.IsDenied(text, i)) continue;
            bool named = ChoiceLabel.InBrackets(text, i, digits) || IsNamed(text, i);
            bool person = !named && text[i] == 'I'; // "I was right"
            if ((named || digits || char.IsAsciiLetterUpper(text[i])) && Says(text[(i + 1)..], s_right, s_chineseRight, person))
                return char.ToUpperInvariant(text[i]);
        }
        return null;
    }

    /// <summary>Whether a label is said to be wrong.</summary>
    /// <param name="rest">What follows it.</param>
    public static bool IsWrong(ReadOnlySpan<char> rest) => Says(rest, s_wrong, s_chineseWrong, person: false);

    /// <summary>Whether what follows a label says one of some words of it.</summary>
    static bool Says(ReadOnlySpan<char> rest, string[] words, string[] chinese, bool person)
    {
        rest = rest.TrimStart(")]*\"' ");
        if (rest.StartsWith("选项") || rest.StartsWith("選項")) rest = rest[2..];
        int end = AnswerWords.WordEnd(rest, 0);
        if (end == 0)
        {
            rest = rest.TrimStart("是为為才就最");
            foreach (string word in chinese)
                if (rest.StartsWith(word)) return true;
            return false;
        }
        if (!AnswerWords.IsAny(s_verbs, rest[..end]) || (person && rest[..end] is not "is")) return false;
        for (int between = 0; between <= MostWords; between++)
        {
            rest = rest[end..].TrimStart(" ");
            end = AnswerWords.WordEnd(rest, 0);
            if (AnswerWords.IsAny(words, rest[..end])) return !rest[end..].TrimStart(" ").StartsWith("?");
            if (!AnswerWords.IsAny(s_between, rest[..end])) return false;
        }
        return false;
    }

    /// <summary>Whether "option" stands before a label.</summary>
    static bool IsNamed(ReadOnlySpan<char> text, int at)
    {
        var before = text[..at].TrimEnd(" ([*\"'");
        int start = before.Length;
        while (start > 0 && char.IsLetter(before[start - 1])) start--;
        return AnswerWords.IsAny(s_options, before[start..]);
    }
}

/// <summary>
/// A text with its labels in plain signs: letters, digits and punctuation of full width, and letters of mathematics, as ASCII's; corner and
/// lens brackets as round ones.
/// </summary>
internal static class ChoiceText
{
    const int MathematicalCapital = 0x1D400, MathematicalEnd = 0x1D6A4;
    const int Letters = 26;

    /// <summary>Writes the plain text into a buffer that is used again.</summary>
    public static ReadOnlySpan<char> Plain(ReadOnlySpan<char> text, CharBuffer plain)
    {
        plain.Clear();
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out int width);
            if (rune.Value is >= MathematicalCapital and < MathematicalEnd)
            {
                // Alphabets of different faces, capitals and small letters, one after the other.
                int letter = (rune.Value - MathematicalCapital) % (2 * Letters);
                plain.Add((char)(letter < Letters ? 'A' + letter : 'a' + letter - Letters));
            }
            else if (Rune.IsDigit(rune)) plain.Add((char)('0' + (int)Rune.GetNumericValue(rune)));
            else if (width > 1) plain.Add(text.Slice(i, width));
            else plain.Add(Sign(text[i]));
            i += width;
        }
        return plain.Written;
    }

    static char Sign(char c) => c switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(c - '\uFF01' + '!'),
        '\u3000' => ' ',
        '\u3010' or '\u300C' or '\u300E' or '\u3014' => '(',
        '\u3011' or '\u300D' or '\u300F' or '\u3015' => ')',
        '\u3001' => ',',
        '\u3002' => '.',
        '\u2019' => '\'',
        _ => c,
    };
}
