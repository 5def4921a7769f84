using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>
/// rouge_score's words as numbers: runs of a to z and 0 to 9 in lower case, those over three letters by their stems where asked
/// for. A stem is found once a word. Numbers hold within one segment; memory stays bounded.
/// </summary>
internal sealed class RougeWords(bool stemmer)
{
    const int Most = 100_000;
    const int LongestUnstemmed = 3;
    const char KelvinSign = '\u212A';
    const char DottedI = '\u0130';

    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly WordIds _stems = new();
    char[] _word = new char[64];

    /// <summary>Begins a segment: numbers given before may be given anew.</summary>
    public void Begin()
    {
        if (!stemmer) _stems.Begin();
        if (_ids.Count <= Most) return;
        _ids.Clear();
        _stems.Clear();
    }

    /// <summary>Appends the numbers of a text's words.</summary>
    public void Split(ReadOnlySpan<char> text, List<int> ids)
    {
        int length = 0;
        foreach (char c in text)
        {
            char lower = Lower(c);
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower)) Append(lower, ref length);
            else if (length > 0) ids.Add(Take(ref length));
            if (c == DottedI) ids.Add(Take(ref length)); // its lower case is i and a dot, which parts words
        }
        if (length > 0) ids.Add(Take(ref length));
    }

    void Append(char c, ref int length)
    {
        if (length == _word.Length) Array.Resize(ref _word, 2 * length);
        _word[length++] = c;
    }

    int Take(ref int length)
    {
        int id = Of(_word.AsSpan(0, length));
        length = 0;
        return id;
    }

    int Of(Span<char> word)
    {
        if (!stemmer || word.Length <= LongestUnstemmed) return _stems.Of(word);
        var lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(word, out int id)) return id;
        string whole = word.ToString();
        return _ids[whole] = _stems.Of(word[..PorterStemmer.Stem(word)]);
    }

    // Two letters beyond ASCII have a lower case within it.
    static char Lower(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c switch { KelvinSign => 'k', DottedI => 'i', _ => c };
}
