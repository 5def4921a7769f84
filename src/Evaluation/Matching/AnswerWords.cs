using System.Buffers;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>The words by which a text says which option it means.</summary>
internal static class AnswerWords
{
    /// <summary>What announces an answer; a label may follow some words later.</summary>
    public static readonly string[] Announcements =
        ["answer", "antwort", "réponse", "reponse", "respuesta", "risposta", "resposta", "\\boxed", "答案", "答え", "正解", "정답"];

    /// <summary>What announces a choice if a label follows at once.</summary>
    public static readonly string[] Choosing =
        ["choose", "choosing", "chose", "pick", "select", "go with", "going with", "correct option", "correct choice", "right option",
            "right choice", "best option", "best choice", "选", "選"];

    // What may stand between an announcement and its label; "s" is the end of "answers" or of "it's".
    static readonly string[] s_links =
    [
        "is", "are", "was", "be", "s", "would", "should", "must", "will", "can", "could", "to", "only", "the", "option", "choice", "letter",
        "label", "number", "as", "therefore", "thus", "hence", "then",
        "clearly", "definitely", "probably", "likely", "most", "certainly", "indeed", "simply", "just", "correct", "right", "final", "best",
        "here",
        "ist", "lautet", "wäre", "muss", "sein", "also", "est", "es", "è", "é", "la", "die", "correcta", "correcte", "corretta", "richtige",
        "text", "textbf", "mathrm", "mathbf", "boxed",
    ];

    const int Furthest = 200; // characters that a link or a claim may take

    const int LongestWord = 40; // of those that deny

    // Signs, and words of scripts that don't part words.
    static readonly SearchValues<char> s_signs = SearchValues.Create(":=*\"'“”‘>-–—→~({[`_\\$ \t\r\n,是为為应應该該就即选選项項择擇的はが은는");

    // What follows a label that its sentence goes on after, and no article or pronoun.
    static readonly string[] s_after = ["because", "since", "weil", "denn"];

    static readonly string[] s_denials = ["not", "cannot", "never", "neither", "nor", "nicht", "weder", "noch"];

    /// <summary>Where the last of some words stands; -1 where none does.</summary>
    /// <param name="words">The words.</param>
    /// <param name="text">The text; case makes no difference.</param>
    /// <param name="after">The end of the word.</param>
    public static int Last(string[] words, ReadOnlySpan<char> text, out int after)
    {
        for (int at = text.Length - 1; at >= 0; at--)
        {
            char first = char.ToLowerInvariant(text[at]);
            foreach (string word in words)
            {
                if (word[0] != first || !text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase)) continue;
                after = at + word.Length;
                return at;
            }
        }
        after = 0;
        return -1;
    }

    /// <summary>Goes on over signs and words that link an announcement to its label.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The announcement's end.</param>
    /// <param name="sentence">Whether a sentence of its own begins where it ends: a colon or the end of a line came last.</param>
    public static int SkipLinks(ReadOnlySpan<char> text, int at, out bool sentence)
    {
        sentence = false;
        int end = Math.Min(text.Length, at + Furthest);
        while (at < end)
        {
            char c = text[at];
            if (s_signs.Contains(c))
            {
                sentence |= c is ':' or '\n';
                at++;
                continue;
            }
            int word = WordEnd(text, at);
            if (word == at || !IsAny(s_links, text[at..word])) return at;
            sentence = false;
            at = word;
        }
        return at;
    }

    /// <summary>Whether what stands behind a label, after white space, shows that it was one.</summary>
    public static bool GoesOn(ReadOnlySpan<char> rest)
    {
        rest = PythonText.TrimStart(rest);
        if (rest.Length > 1 && rest[0] is '-' or '–' or '—') return rest[1] == ' ';
        return rest.Length > 0 && (rest[0] == '(' || IsAny(s_after, rest[..WordEnd(rest, 0)]));
    }

    /// <summary>Whether a "not" stands one or two words before, in the same clause.</summary>
    public static bool IsDenied(ReadOnlySpan<char> text, int at)
    {
        for (int words = 0; words < 2; words++)
        {
            while (at > 0 && text[at - 1] is ' ' or '(' or '[' or '"' or '*') at--;
            int end = at;
            while (at > 0 && end - at < LongestWord && (char.IsLetter(text[at - 1]) || text[at - 1] == '\'')) at--;
            var word = text[at..end];
            if (word.IsEmpty || word.Equals("but", StringComparison.OrdinalIgnoreCase)) return false;
            if (IsAny(s_denials, word) || word.EndsWith("n't", StringComparison.OrdinalIgnoreCase)) return true;
            if (word[^Math.Min(3, word.Length)..].ContainsAny('不', '非')) return true;
        }
        return false;
    }

    /// <summary>The sentence that a text ends in, or as much of it as a claim may take.</summary>
    public static ReadOnlySpan<char> Sentence(ReadOnlySpan<char> text)
    {
        text = text[Math.Max(0, text.Length - Furthest)..];
        return text[(text.LastIndexOfAny('.', '\n', ';') + 1)..];
    }

    /// <summary>The end of the word that begins here.</summary>
    public static int WordEnd(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsLetter(text[at]) && !Scripts.IsUnspaced(text[at])) at++;
        return at;
    }

    /// <summary>Whether a word is among some; case makes no difference.</summary>
    public static bool IsAny(string[] words, ReadOnlySpan<char> word)
    {
        foreach (string known in words)
            if (word.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
