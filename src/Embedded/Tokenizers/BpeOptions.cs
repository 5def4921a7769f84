using System.Text.Json;

namespace Microsoft.ML.Tokenizers;

/// <summary>What a <see cref="BpeTokenizer"/> is made of.</summary>
public sealed class BpeOptions
{
    /// <param name="vocabulary">Tokens with their ids.</param>
    /// <exception cref="ArgumentNullException"><paramref name="vocabulary"/> is null.</exception>
    public BpeOptions(IEnumerable<KeyValuePair<string, int>> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
    }

    /// <param name="vocabFile">A JSON object of tokens with their ids.</param>
    /// <param name="mergesFile">Lines of two tokens; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="vocabFile"/> is null.</exception>
    public BpeOptions(string vocabFile, string? mergesFile = null)
    {
        ArgumentNullException.ThrowIfNull(vocabFile);
        using (var stream = File.OpenRead(vocabFile))
            Vocabulary = JsonSerializer.Deserialize<Dictionary<string, int>>(stream) ?? throw new ArgumentException($"The vocabulary file '{vocabFile}' is empty.", nameof(vocabFile));
        if (mergesFile is not null)
            Merges = [.. File.ReadLines(mergesFile).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))];
    }

    /// <summary>Tokens with their ids.</summary>
    public IEnumerable<KeyValuePair<string, int>> Vocabulary { get; }

    /// <summary>"left right" lines, the first to be merged first.</summary>
    public IEnumerable<string>? Merges { get; set; }

    /// <summary>Texts that get an id of their own where the pre-tokenizer leaves them whole.</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; set; }

    /// <summary>What changes the text first.</summary>
    public Normalizer? Normalizer { get; set; }

    /// <summary>What splits the text; null means words and non-words.</summary>
    public PreTokenizer? PreTokenizer { get; set; }

    /// <summary>Whether a text is encoded as its UTF-8 bytes, each shown as one visible character.</summary>
    public bool ByteLevel { get; set; }

    /// <summary>The token in place of what the vocabulary lacks; null drops it.</summary>
    public string? UnknownToken { get; set; }
}
