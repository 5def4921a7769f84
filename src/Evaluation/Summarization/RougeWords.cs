using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>
/// rouge_score's words as numbers: runs of a to z and 0 to 9 in lower case, those over three letters by their stems where asked
/// for. Or those of all scripts: runs of letters with their marks and of digits, each ideograph and kana a word of its own.
/// A stem is found once a word. Numbers hold within one segment; memory stays bounded.
/// </summary>
/// <param name="stemmer">Whether words are compared by their stems; those with letters beyond a to z have none.</param>
/// <param name="unicode">Whether the words are those of all scripts.</param>
internal sealed class RougeWords(bool stemmer, bool unicode = false)
{
    const int Most = 100_000;
    const int LongestUnstemmed = 3;
    const char KelvinSign = '\u212A';
    const char DottedI = '\u0130';

    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly WordIds _stems = new();
    readonly CharBuffer _lower = new();
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
        if (unicode)
        {
            SplitUnicode(PythonText.Lower(text, _lower), ids);
            return;
        }
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

    void SplitUnicode(ReadOnlySpan<char> text, List<int> ids)
    {
        int length = 0;
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out int width);
            bool alone = Scripts.IsIdeograph(rune);
            if (length > 0 && (alone || !Belongs(rune))) ids.Add(Take(ref length));
            if (alone || Belongs(rune))
                foreach (char c in text.Slice(i, width)) Append(c, ref length);
            if (alone) ids.Add(Take(ref length));
            i += width;
        }
        if (length > 0) ids.Add(Take(ref length));
    }

    static bool Belongs(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

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
        if (!stemmer || word.Length <= LongestUnstemmed || (unicode && !Ascii.IsValid(word))) return _stems.Of(word);
        var lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(word, out int id)) return id;
        string whole = word.ToString();
        return _ids[whole] = _stems.Of(word[..PorterStemmer.Stem(word)]);
    }

    // Two letters beyond ASCII have a lower case within it.
    static char Lower(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c switch { KelvinSign => 'k', DottedI => 'i', _ => c };
}

/// <summary>A text as ROUGE sees it; its lists are used again for the next one.</summary>
internal sealed class RougeText
{
    readonly List<int> _ends = [];

    /// <summary>The words' numbers.</summary>
    public List<int> Words { get; } = [];

    /// <summary>The number of lines; 1 where lines are not told apart.</summary>
    public int Lines => _ends.Count;

    /// <summary>All words.</summary>
    public ReadOnlySpan<int> All => CollectionsMarshal.AsSpan(Words);

    /// <summary>A line's words.</summary>
    public ReadOnlySpan<int> Line(int line) => All[(line == 0 ? 0 : _ends[line - 1]).._ends[line]];

    /// <summary>Where a line's words begin.</summary>
    public int Start(int line) => line == 0 ? 0 : _ends[line - 1];

    /// <summary>Reads a text, line by line where asked for.</summary>
    public void Read(ReadOnlySpan<char> text, RougeWords words, bool lines)
    {
        Words.Clear();
        _ends.Clear();
        for (bool more = true; more;)
        {
            int end = lines ? text.IndexOf('\n') : -1;
            words.Split(end < 0 ? text : text[..end], Words);
            _ends.Add(Words.Count);
            more = end >= 0;
            text = text[(end + 1)..];
        }
    }
}
