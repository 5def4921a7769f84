namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Which tokens begin a word, found by decoding them behind another token's letters, so for every family of tokenizers.</summary>
public static class WordStarts
{
    /// <summary>Whether each id's text, behind one that ends with a letter, begins with a blank; none does where no text ends so.</summary>
    /// <returns>// (V)</returns>
    public static bool[] Of(ITextTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var starts = new bool[tokenizer.VocabularySize];
        // Any token will do; that of one letter may be missing, above all from a trimmed vocabulary.
        int letter = 0;
        for (; letter < starts.Length; letter++)
            if (!tokenizer.Specials.Contains(letter) && tokenizer.Decode([letter]) is [.., var last] && char.IsLetter(last)) break;
        if (letter == starts.Length) return starts;
        int before = tokenizer.Decode([letter]).Length;
        for (int id = 0; id < starts.Length; id++)
        {
            string text = tokenizer.Specials.Contains(id) ? "" : tokenizer.Decode([letter, id]);
            starts[id] = text.Length > before && char.IsWhiteSpace(text[before]);
        }
        return starts;
    }
}
