using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// The split of GPT-2 and RoBERTa: English contractions, then runs of letters, of digits and of other signs, each with one
/// space before it, then white space. Works on UTF-16 code units, so letters beyond the basic plane count as signs here.
/// </summary>
public sealed partial class RobertaPreTokenizer : PreTokenizer
{
    readonly RegexPreTokenizer _inner = new(Pieces(), null);

    /// <summary>The one instance that is ever needed.</summary>
    public static RobertaPreTokenizer Instance { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => _inner.PreTokenize(text);

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => _inner.PreTokenize(text);

    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Pieces();
}
