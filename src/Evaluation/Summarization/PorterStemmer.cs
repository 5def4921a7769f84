namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>
/// Porter's suffix stripping (Porter 1980) in the form that rouge_score uses, which is NLTK's: with Porter's own later rules
/// (bli, logi, words of two letters stay) and NLTK's (a short list of irregular words, -ies and -ied of four letters, y after a
/// consonant, alli first, fulli). m is the number of times that a vowel is followed by a consonant.
/// </summary>
internal static class PorterStemmer
{
    static readonly (string Suffix, string By)[] s_step2 =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
    ];

    static readonly (string Suffix, string By)[] s_step3 =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    static readonly string[] s_step4 =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive",
        "ize",
    ];

    /// <summary>Makes a word its stem, in place.</summary>
    /// <param name="word">Lower case letters and digits; the stem is at its start.</param>
    /// <returns>The stem's length.</returns>
    public static int Stem(Span<char> word)
    {
        if (Irregular(word) is { } stem)
        {
            stem.CopyTo(word);
            return stem.Length;
        }
        int length = word.Length;
        if (length <= 2) return length;
        length = Plural(word[..length]);
        length = PastAndProgressive(word[..length]);
        if (length > 2 && word[length - 1] == 'y' && !IsVowel(word, length - 2)) word[length - 1] = 'i';
        length = Suffixes(word[..length]);
        length = Replace(word[..length], s_step3);
        length = Strip(word[..length]);
        length = FinalE(word[..length]);
        return EndsWith(word[..length], "ll") && Measure(word[..(length - 1)]) > 1 ? length - 1 : length;
    }

    static string? Irregular(ReadOnlySpan<char> word) => word switch
    {
        "sky" or "skies" => "sky",
        "dying" => "die",
        "lying" => "lie",
        "tying" => "tie",
        "news" => "news",
        "inning" or "innings" => "inning",
        "outing" or "outings" => "outing",
        "canning" or "cannings" => "canning",
        "howe" => "howe",
        "proceed" => "proceed",
        "exceed" => "exceed",
        "succeed" => "succeed",
        _ => null,
    };

    // Step 1a: sses to ss, ies to i (to ie in words of four letters), s away but after another.
    static int Plural(ReadOnlySpan<char> word) =>
        EndsWith(word, "ies") ? word.Length - (word.Length == 4 ? 1 : 2)
        : EndsWith(word, "sses") ? word.Length - 2
        : EndsWith(word, "s") && !EndsWith(word, "ss") ? word.Length - 1
        : word.Length;

    // Step 1b: eed to ee where m > 0; ed and ing away after a vowel, and then the stem's end is mended.
    static int PastAndProgressive(Span<char> word)
    {
        int length = word.Length;
        if (EndsWith(word, "ied")) return length - (length == 4 ? 1 : 2);
        if (EndsWith(word, "eed")) return Measure(word[..(length - 3)]) > 0 ? length - 1 : length;
        int cut = EndsWith(word, "ed") ? length - 2 : EndsWith(word, "ing") ? length - 3 : length;
        if (cut == length || !HasVowel(word[..cut])) return length;
        var stem = word[..cut];
        if (EndsWith(stem, "at") || EndsWith(stem, "bl") || EndsWith(stem, "iz")) return WithE(word, cut);
        if (cut >= 2 && stem[^1] == stem[^2] && !IsVowel(stem, cut - 1)) return stem[^1] is 'l' or 's' or 'z' ? cut : cut - 1;
        return Measure(stem) == 1 && EndsShort(stem) ? WithE(word, cut) : cut;
    }

    static int WithE(Span<char> word, int length)
    {
        word[length] = 'e';
        return length + 1;
    }

    // Step 2, where alli comes first and may leave another suffix, and logi counts its l to the stem.
    static int Suffixes(Span<char> word)
    {
        while (EndsWith(word, "alli") && Measure(word[..^4]) > 0) word = word[..^2];
        if (EndsWith(word, "logi")) return Measure(word[..^3]) > 0 ? word.Length - 1 : word.Length;
        return Replace(word, s_step2);
    }

    // Steps 2 and 3: the first suffix that the word has is replaced where m > 0 before it.
    static int Replace(Span<char> word, (string Suffix, string By)[] rules)
    {
        foreach (var (suffix, by) in rules)
        {
            if (!EndsWith(word, suffix)) continue;
            int cut = word.Length - suffix.Length;
            if (Measure(word[..cut]) == 0) return word.Length;
            by.CopyTo(word[cut..]);
            return cut + by.Length;
        }
        return word.Length;
    }

    // Step 4: the first suffix that the word has goes where m > 1 before it; ion only after s or t.
    static int Strip(ReadOnlySpan<char> word)
    {
        foreach (string suffix in s_step4)
        {
            if (!EndsWith(word, suffix)) continue;
            var stem = word[..^suffix.Length];
            return Measure(stem) > 1 && (suffix != "ion" || stem[^1] is 's' or 't') ? stem.Length : word.Length;
        }
        return word.Length;
    }

    // Step 5a.
    static int FinalE(ReadOnlySpan<char> word)
    {
        if (!EndsWith(word, "e")) return word.Length;
        var stem = word[..^1];
        int measure = Measure(stem);
        return measure > 1 || (measure == 1 && !EndsShort(stem)) ? stem.Length : word.Length;
    }

    static bool EndsWith(ReadOnlySpan<char> word, string suffix) => word.EndsWith(suffix, StringComparison.Ordinal);

    static bool IsVowel(ReadOnlySpan<char> word, int at)
    {
        int start = at;
        while (start > 0 && word[start] == 'y' && word[start - 1] == 'y') start--;
        bool vowel = false;
        for (int i = start; i <= at; i++) vowel = IsVowel(word[i], i > 0 && (i > start ? !vowel : !IsPlainVowel(word[i - 1])));
        return vowel;
    }

    static bool IsVowel(char c, bool afterConsonant) => IsPlainVowel(c) || (c == 'y' && afterConsonant);

    static bool IsPlainVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';

    static bool HasVowel(ReadOnlySpan<char> word) =>
        word.ContainsAny("aeiou") || (word.Length > 1 && word[1..].Contains('y')); // a y after no vowel is one

    static int Measure(ReadOnlySpan<char> stem)
    {
        int measure = 0;
        bool vowel = false;
        for (int i = 0; i < stem.Length; i++)
        {
            bool before = vowel;
            vowel = IsVowel(stem[i], i > 0 && !before);
            if (before && !vowel) measure++;
        }
        return measure;
    }

    // Porter's *o, consonant, vowel, consonant other than w, x, y; or just vowel and consonant.
    static bool EndsShort(ReadOnlySpan<char> stem)
    {
        int end = stem.Length - 1;
        if (end < 1 || IsVowel(stem, end) || !IsVowel(stem, end - 1)) return false;
        return end == 1 || (!IsVowel(stem, end - 2) && stem[end] is not ('w' or 'x' or 'y'));
    }
}
