namespace Microsoft.ML.Tokenizers;

/// <summary>Turns text into ids and back.</summary>
public abstract class Tokenizer
{
    /// <summary>For derived types.</summary>
    protected internal Tokenizer()
    {
    }

    /// <summary>What changes the text first, or null.</summary>
    public virtual Normalizer? Normalizer => null;

    /// <summary>What splits the text, or null.</summary>
    public virtual PreTokenizer? PreTokenizer => null;

    /// <summary>The ids of a text, special tokens not added.</summary>
    public IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeToIds(text, text, Settings(considerPreTokenization, considerNormalization)).Tokens;
    }

    /// <summary>The ids of a text, special tokens not added.</summary>
    public IReadOnlyList<int> EncodeToIds(ReadOnlySpan<char> text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        EncodeToIds(null, text, Settings(considerPreTokenization, considerNormalization)).Tokens;

    /// <summary>The number of ids that a text has.</summary>
    public int CountTokens(string text, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CountTokens(text, text, Settings(considerPreTokenization, considerNormalization));
    }

    /// <summary>The number of ids that a text has.</summary>
    public int CountTokens(ReadOnlySpan<char> text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        CountTokens(null, text, Settings(considerPreTokenization, considerNormalization));

    /// <summary>The text of the ids.</summary>
    public abstract string Decode(IEnumerable<int> ids);

    /// <summary>Encodes <paramref name="text"/> where it is not null, otherwise <paramref name="textSpan"/>.</summary>
    protected abstract EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings);

    /// <summary>Counts the ids of <paramref name="text"/> where it is not null, otherwise of <paramref name="textSpan"/>.</summary>
    protected virtual int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        EncodeToIds(text, textSpan, settings).Tokens.Count;

    static EncodeSettings Settings(bool considerPreTokenization, bool considerNormalization) =>
        new() { ConsiderPreTokenization = considerPreTokenization, ConsiderNormalization = considerNormalization };
}
