using System.Text;
using System.Text.RegularExpressions;
using DiffusionBatch.Diffusion.Tokenization.WordPiece;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>Cuts a piece of text into words; the words may be written in another alphabet than the text.</summary>
/// <param name="text">The piece.</param>
/// <param name="isStart">Whether it begins the whole text.</param>
internal delegate IEnumerable<string> WordSplit(string text, bool isStart);

/// <summary>Reads tokenizer.json's <c>pre_tokenizer</c>.</summary>
internal static partial class PreTokenizerReader
{
    /// <summary>How a text is cut into words.</summary>
    /// <exception cref="TokenizerException">It is of a type that isn't supported, or broken.</exception>
    public static WordSplit Read(SerializedPart part)
    {
        if (!part.Exists) return (text, _) => [text];
        switch (part.Type)
        {
            case "Sequence":
                WordSplit[] steps = [.. part.Items("pretokenizers").Select(Read)];
                return (text, isStart) =>
                    steps.Aggregate((IEnumerable<string>)[text],
                        (words, step) => words.SelectMany((word, i) => step(word, isStart && i == 0)));
            case "BertPreTokenizer": return (text, _) => BertWords(text);
            case "WhitespaceSplit": return (text, _) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            case "Whitespace": return (text, _) => Words().Matches(text).Select(m => m.Value);
            case "ByteLevel": return ByteLevel(part);
            case "Metaspace": return Metaspace(part);
            case "Punctuation":
                string punctuation = Behavior(part, "Isolated");
                var signs = new SplitPattern(Expression(part, @"[\p{P}\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E]"));
                return (text, _) => signs.Split(text, punctuation, invert: false);
            case "Digits":
                bool each = part.Flag("individual_digits", false);
                var digits = new SplitPattern(Expression(part, @"\p{N}"));
                return (text, _) => digits.Split(text, each ? "Isolated" : "Contiguous", invert: false);
            case "Split":
                string behavior = Behavior(part, "Removed");
                bool invert = part.Flag("invert", false);
                var pattern = new SplitPattern(part["pattern"]);
                return (text, _) => pattern.Split(text, behavior, invert);
            case "CharDelimiterSplit":
                string delimiter = part.Text("delimiter") ?? throw part.Wrong("delimiter", "expected a character");
                return (text, _) => text.Split(delimiter, StringSplitOptions.RemoveEmptyEntries);
            default: throw part.Unsupported("pre_tokenizer");
        }
    }

    static string Behavior(SerializedPart part, string otherwise)
    {
        string behavior = part.Text("behavior") ?? otherwise;
        return behavior is "Removed" or "Isolated" or "MergedWithPrevious" or "MergedWithNext" or "Contiguous"
            ? behavior
            : throw part.Wrong("behavior", "expected Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous");
    }

    static SerializedPart Expression(SerializedPart part, string regex) =>
        new(part.File, part.Path, System.Text.Json.JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["Regex"] = regex }));

    static IEnumerable<string> BertWords(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            bool space = Rune.IsWhiteSpace(rune), alone = !space && BertNormalizer.IsPunctuation(rune);
            if ((space || alone) && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
            if (alone) yield return rune.ToString();
            else if (!space) word.Append(rune.ToString());
        }
        if (word.Length > 0) yield return word.ToString();
    }

    static WordSplit ByteLevel(SerializedPart part)
    {
        bool prefix = part.Flag("add_prefix_space", true), split = part.Flag("use_regex", true);
        return (text, _) =>
        {
            if (text.Length == 0) return [];
            if (prefix && text[0] != ' ') text = " " + text;
            return split
                ? Gpt2PreTokenizer.Instance.PreTokenize(text).Select(p => ByteAlphabet.Spell(text.AsSpan(p.Offset, p.Length)))
                : [ByteAlphabet.Spell(text)];
        };
    }

    static WordSplit Metaspace(SerializedPart part)
    {
        string replacement = part.Text("replacement") ?? "\u2581";
        string scheme = part.Text("prepend_scheme") ?? (part.Flag("add_prefix_space", true) ? "always" : "never");
        if (scheme is not ("always" or "first" or "never")) throw part.Wrong("prepend_scheme", "expected always, first or never");
        bool split = part.Flag("split", true);
        var pattern =
            new SplitPattern(new SerializedPart(part.File, part.Path, System.Text.Json.JsonSerializer.SerializeToElement(replacement)));
        return (text, isStart) =>
        {
            text = text.Replace(" ", replacement, StringComparison.Ordinal);
            if (text.Length > 0 && (scheme == "always" || (scheme == "first" && isStart))
                && !text.StartsWith(replacement, StringComparison.Ordinal)) text = replacement + text;
            return split ? pattern.Split(text, "MergedWithNext", invert: false) : [text];
        };
    }

    [GeneratedRegex(@"\w+|[^\w\s]+")]
    private static partial Regex Words();
}
