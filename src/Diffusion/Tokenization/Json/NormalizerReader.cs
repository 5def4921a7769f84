using DiffusionBatch.Diffusion.Tokenization.SentencePiece;
using DiffusionBatch.Diffusion.Tokenization.Unicode;
using DiffusionBatch.Diffusion.Tokenization.WordPiece;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>Reads tokenizer.json's <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    /// <summary>What the normalizer does to a text.</summary>
    /// <exception cref="TokenizerException">It is of a type that isn't supported, or broken.</exception>
    public static Func<string, string> Read(SerializedPart part)
    {
        if (!part.Exists) return text => text;
        switch (part.Type)
        {
            case "Sequence":
                Func<string, string>[] steps = [.. part.Items("normalizers").Select(Read)];
                return text => steps.Aggregate(text, (t, step) => step(t));
            case "NFC": return text => UnicodeNormalization.Apply(text, UnicodeForm.Nfc);
            case "NFD": return text => UnicodeNormalization.Apply(text, UnicodeForm.Nfd);
            case "NFKC": return text => UnicodeNormalization.Apply(text, UnicodeForm.Nfkc);
            case "NFKD": return text => UnicodeNormalization.Apply(text, UnicodeForm.Nfkd);
            case "Lowercase": return Casing.Lower;
            case "StripAccents": return Casing.WithoutMarks;
            case "Strip":
                bool left = part.Flag("strip_left", true), right = part.Flag("strip_right", true);
                return text => left && right ? text.Trim() : left ? text.TrimStart() : right ? text.TrimEnd() : text;
            case "Prepend":
                string before = part.Text("prepend") ?? throw part.Wrong("prepend", "expected a string");
                return text => text.Length == 0 ? text : before + text;
            case "Replace":
                var pattern = new SplitPattern(part["pattern"]);
                string content = part.Text("content") ?? throw part.Wrong("content", "expected a string");
                return text => pattern.Replace(text, content);
            case "Precompiled":
                return Precompiled(part);
            case "BertNormalizer":
                bool lower = part.Flag("lowercase", true);
                var bert =
                    new BertCleaner(new BertNormalizerOptions(lower, part.Flag("strip_accents", lower),
                        part.Flag("handle_chinese_chars", true)), part.Flag("clean_text", true));
                return text => bert.Clean(text);
            default: throw part.Unsupported("normalizer");
        }
    }

    static Func<string, string> Precompiled(SerializedPart part)
    {
        byte[] map;
        try
        {
            map = Convert.FromBase64String(part.Text("precompiled_charsmap") ?? "");
        }
        catch (FormatException e)
        {
            throw new TokenizerException(part.File, null, $"{part.Path}.precompiled_charsmap: not valid base64.", e);
        }
        return CharacterRules.TryRead(map, out var rules) ? PieceNormalizer.Of(rules).Normalize
            : throw new TokenizerException(part.File, null, $"{part.Path}.precompiled_charsmap: the rules are broken.");
    }
}
