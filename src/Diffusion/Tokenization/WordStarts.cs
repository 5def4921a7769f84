namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Which tokens begin a word, found by decoding them behind a letter, so for every family of tokenizers.</summary>
public static class WordStarts
{
    /// <summary>Whether each id's text, behind that of a letter, begins with a blank.</summary>
    /// <returns>// (V)</returns>
    public static bool[] Of(ITextTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var starts = new bool[tokenizer.VocabularySize];
        if (tokenizer.Encode("a") is not [.., var letter]) return starts;
        int before = tokenizer.Decode([letter]).Length;
        for (int id = 0; id < starts.Length; id++)
        {
            string text = tokenizer.Specials.Contains(id) ? "" : tokenizer.Decode([letter, id]);
            starts[id] = text.Length > before && char.IsWhiteSpace(text[before]);
        }
        return starts;
    }
}
