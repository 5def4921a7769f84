namespace DiffusionBatch.Evaluation.Matching;

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
        "be", "to", "the", "a", "my", "our", "also", "clearly", "definitely", "certainly", "probably", "likely", "most", "more", "only", "indeed", "therefore", "thus", "obviously",
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
            if ((named || digits || char.IsAsciiLetterUpper(text[i])) && Says(text[(i + 1)..], s_right, s_chineseRight, person)) return char.ToUpperInvariant(text[i]);
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
