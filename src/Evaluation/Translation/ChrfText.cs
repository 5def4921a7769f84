using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Translation;

/// <summary>A segment as chrF sees it; its lists are used again for the next one.</summary>
internal sealed class ChrfText
{
    readonly CharBuffer _lower = new();

    /// <summary>Unicode scalar values.</summary>
    public List<int> Characters { get; } = [];

    /// <summary>Ids of words, a sign at a word's end (else at its start) being a word of its own; empty without word n-grams.</summary>
    public List<int> Words { get; } = [];

    public void Read(string segment, ChrfOptions options, WordIds ids)
    {
        var text = options.Lowercase ? PythonText.Lower(segment, _lower) : segment;
        Characters.Clear();
        foreach (var rune in text.EnumerateRunes())
            if (options.Whitespace || !(rune.IsBmp && PythonText.IsSpace((char)rune.Value))) Characters.Add(rune.Value);

        Words.Clear();
        if (options.WordOrder == 0) return;
        int position = 0;
        while (PythonText.NextWord(text, ref position, out var word))
        {
            int cut = Length(word) == 1 ? 0 : IsSign(word[^1]) ? word.Length - 1 : IsSign(word[0]) ? 1 : 0;
            if (cut > 0) Words.Add(ids.Of(word[..cut]));
            Words.Add(ids.Of(word[cut..]));
        }
    }

    /// <summary>Whether Python sees one character or more.</summary>
    static int Length(ReadOnlySpan<char> word) => word.Length == 2 && char.IsHighSurrogate(word[0]) ? 1 : word.Length;

    static bool IsSign(char c) => c < 128 && (char.IsPunctuation(c) || char.IsSymbol(c));
}
