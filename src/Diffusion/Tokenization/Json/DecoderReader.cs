using System.Globalization;
using System.Text;
using DiffusionBatch.Diffusion.Tokenization.WordPiece;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>Reads tokenizer.json's <c>decoder</c>.</summary>
internal static class DecoderReader
{
    /// <summary>What tokens become; put together they are the text.</summary>
    /// <exception cref="TokenizerException">It is of a type that isn't supported, or broken.</exception>
    public static Func<IReadOnlyList<string>, IReadOnlyList<string>> Read(SerializedPart part)
    {
        // Without a decoder tokens are words.
        if (!part.Exists) return tokens => [string.Join(' ', tokens)];
        switch (part.Type)
        {
            case "Sequence":
                Func<IReadOnlyList<string>, IReadOnlyList<string>>[] steps = [.. part.Items("decoders").Select(Read)];
                return tokens => steps.Aggregate(tokens, (t, step) => step(t));
            case "ByteLevel": return ByteLevel;
            case "ByteFallback": return ByteFallback;
            case "Fuse": return tokens => [string.Concat(tokens)];
            case "Metaspace": return Metaspace(part);
            case "Replace":
                var pattern = new SplitPattern(part["pattern"]);
                string by = part.Text("content") ?? throw part.Wrong("content", "expected a string");
                return tokens => [.. tokens.Select(t => pattern.Replace(t, by))];
            case "Strip": return Strip(part);
            case "WordPiece": return WordPiece(part);
            case "BPEDecoder":
                string suffix = part.Text("suffix") ?? "</w>";
                return tokens =>
                    [.. tokens.Select((t, i) => t.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
            default: throw part.Unsupported("decoder");
        }
    }

    /// <summary>Whether the decoder takes tokens to be spelled in bytes.</summary>
    public static bool SpellsBytes(SerializedPart part) =>
        part.Exists && (part.Type == "ByteLevel" || (part.Type == "Sequence" && part.Items("decoders").Any(SpellsBytes)));

    static IReadOnlyList<string> ByteLevel(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (string token in tokens) bytes.AddRange(ByteAlphabet.BytesOf(token) ?? Encoding.UTF8.GetBytes(token));
        return [Encoding.UTF8.GetString([.. bytes])];
    }

    /// <summary>Runs of byte tokens such as &lt;0x0A&gt; as the text they are; one U+FFFD a byte where they are none.</summary>
    static IReadOnlyList<string> ByteFallback(IReadOnlyList<string> tokens)
    {
        var result = new List<string>();
        var run = new List<byte>();
        foreach (string token in tokens)
        {
            if (token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
                && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                run.Add(value);
                continue;
            }
            EndRun();
            result.Add(token);
        }
        EndRun();
        return result;

        void EndRun()
        {
            if (run.Count == 0) return;
            byte[] bytes = [.. run];
            result.Add(System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : new string('\uFFFD', bytes.Length));
            run.Clear();
        }
    }

    static Func<IReadOnlyList<string>, IReadOnlyList<string>> Metaspace(SerializedPart part)
    {
        string replacement = part.Text("replacement") ?? "\u2581";
        bool prefix = (part.Text("prepend_scheme") ?? (part.Flag("add_prefix_space", true) ? "always" : "never")) != "never";
        return tokens =>
            [.. tokens.Select((t, i) => (prefix && i == 0 && t.StartsWith(replacement, StringComparison.Ordinal)
                ? t[replacement.Length..]
                : t).Replace(replacement, " ", StringComparison.Ordinal))];
    }

    static Func<IReadOnlyList<string>, IReadOnlyList<string>> Strip(SerializedPart part)
    {
        string content = part.Text("content") is { Length: 1 } text ? text : throw part.Wrong("content", "expected a character");
        int start = part.Integer("start") ?? 0, stop = part.Integer("stop") ?? 0;
        return tokens => [.. tokens.Select(t =>
        {
            int from = 0, to = t.Length;
            while (from < start && from < to && t[from] == content[0]) from++;
            while (t.Length - to < stop && to > from && t[to - 1] == content[0]) to--;
            return t[from..to];
        })];
    }

    static Func<IReadOnlyList<string>, IReadOnlyList<string>> WordPiece(SerializedPart part)
    {
        string prefix = part.Text("prefix") ?? "##";
        bool cleanUp = part.Flag("cleanup", true);
        return tokens => [.. tokens.Select((t, i) =>
        {
            string text = i == 0 ? t : t.StartsWith(prefix, StringComparison.Ordinal) ? t[prefix.Length..] : " " + t;
            return cleanUp ? WordPieceTextTokenizer.CleanUp(text) : text;
        })];
    }
}
