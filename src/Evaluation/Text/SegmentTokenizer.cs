namespace DiffusionBatch.Evaluation.Text;

/// <summary>Puts spaces where a segment's tokens part; what it writes is then split at white space. Not safe across threads.</summary>
internal abstract class SegmentTokenizer
{
    /// <summary>The name as sacreBLEU's signature gives it.</summary>
    public abstract string Name { get; }

    /// <summary>The segment with white space between its tokens; valid until the next call.</summary>
    public abstract ReadOnlySpan<char> Tokenize(ReadOnlySpan<char> segment);

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["13a", "intl", "char", "none", "zh"];

    /// <summary>A tokenizer by its name.</summary>
    /// <exception cref="ArgumentException">No tokenizer has this name.</exception>
    public static SegmentTokenizer Create(string name) => name switch
    {
        "13a" => new Tokenizer13a(),
        "intl" => new IntlTokenizer(),
        "char" => new CharacterTokenizer(),
        "none" => new NoTokenizer(),
        "zh" => new ZhTokenizer(),
        _ => throw new ArgumentException($"unknown tokenizer \"{name}\"; available: {string.Join(", ", Names)}.", nameof(name)),
    };
}
