using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization.Json;

namespace DiffusionBatch.Diffusion.Tokenization.Added;

/// <summary>Reads added tokens from the three files that have some.</summary>
internal static class AddedTokenReader
{
    const int HighestId = 10_000_000;

    /// <summary>tokenizer.json's <c>added_tokens</c>: objects with <c>id</c>, <c>content</c> and flags.</summary>
    /// <exception cref="TokenizerException">One is broken, or contradicts another.</exception>
    public static List<AddedToken> OfSerialized(string file, byte[] content)
    {
        const string Name = "added_tokens";
        using var document = TokenizerJson.ReadProperty(file, content, Name);
        if (document is null) return [];
        // As a part of the file it has a path of its own.
        using var whole = JsonDocument.Parse($$"""{"{{Name}}": {{document.RootElement.GetRawText()}}}""");
        return Checked(new SerializedPart(file, "", whole.RootElement).Items(Name)
            .Select(part => Read(part, part.Integer("id") is >= 0 and <= HighestId and int id
                ? id
                : throw part.Wrong("id", $"expected an integer from 0 to 10,000,000"))));
    }

    /// <summary>tokenizer_config.json's <c>added_tokens_decoder</c>: objects with <c>content</c> and flags, by their ids.</summary>
    /// <exception cref="TokenizerException">One is broken, or contradicts another.</exception>
    public static List<AddedToken> OfConfig(string file, JsonElement config)
    {
        var decoder = new SerializedPart(file, "", config)["added_tokens_decoder"];
        if (!decoder.Exists) return [];
        if (decoder.Json.ValueKind != JsonValueKind.Object) throw decoder.Wrong("", "expected an object of ids");
        return Checked(decoder.Json.EnumerateObject().Select(property =>
        {
            string name = TokenizerJson.Text(file, () => property.Name);
            var part = new SerializedPart(file, $"{decoder.Path}.{name}", property.Value);
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id > HighestId)
                throw new TokenizerException(file, null, $"{part.Path}: expected an id from 0 to 10,000,000, found \"{name}\".");
            return Read(part, id);
        }));
    }

    /// <summary>added_tokens.json: ids by their texts.</summary>
    /// <exception cref="TokenizerException">One is broken, or contradicts another.</exception>
    public static List<AddedToken> OfIds(string file, JsonElement tokens) => Checked(tokens.EnumerateObject().Select(property =>
    {
        string content = TokenizerJson.Text(file, () => property.Name);
        if (content.Length == 0) throw new TokenizerException(file, null,
            $"\"\": expected a token that is not empty, found \"\" with the id {property.Value.GetRawText()}.");
        if (property.Value.ValueKind != JsonValueKind.Number || !property.Value.TryGetInt32(out int id) || id is < 0 or > HighestId)
            throw new TokenizerException(file, null,
                $"the id of \"{content}\" is {property.Value.GetRawText()}; expected an integer from 0 to 10,000,000.");
        return new AddedToken(content, id) { Normalized = true, HasFlags = false, File = file, Field = $"\"{content}\"" };
    }));

    /// <summary>A token as an object with <c>content</c> and flags.</summary>
    /// <exception cref="TokenizerException">It is broken.</exception>
    public static AddedToken Read(SerializedPart part, int id)
    {
        if (part.Json.ValueKind != JsonValueKind.Object) throw part.Wrong("", "expected an object with \"content\"");
        string content = part.Text("content") is { Length: > 0 } text
            ? text
            : throw part.Wrong("content", "expected a string that is not empty");
        bool special = part.Flag("special", false);
        return new AddedToken(content, id)
        {
            Special = special,
            Normalized = part.Flag("normalized", !special),
            SingleWord = part.Flag("single_word", false),
            LeftStrip = part.Flag("lstrip", false),
            RightStrip = part.Flag("rstrip", false),
            File = part.File,
            Field = part.Path,
        };
    }

    /// <summary>The tokens of one file, each text once.</summary>
    static List<AddedToken> Checked(IEnumerable<AddedToken> tokens)
    {
        var byContent = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        var byId = new Dictionary<int, AddedToken>();
        foreach (var token in tokens)
        {
            if (byContent.TryGetValue(token.Content, out var same) && same.Id != token.Id)
                throw token.Wrong($"the token \"{token.Content}\" has two ids, {same.Id} and {token.Id}.");
            if (byId.TryGetValue(token.Id, out var owner) && owner.Content != token.Content)
                throw token.Wrong($"the id {token.Id} belongs to two tokens, \"{owner.Content}\" and \"{token.Content}\".");
            byContent[token.Content] = byId[token.Id] = token;
        }
        return [.. byContent.Values];
    }
}
