using System.Text.Json;

namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>A part of tokenizer.json with its path, so that every error names file and field.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">The part's path, such as <c>normalizer.normalizers[1]</c>.</param>
/// <param name="Json">Its content.</param>
internal readonly record struct SerializedPart(string File, string Path, JsonElement Json)
{
    /// <summary>Whether there is anything but null.</summary>
    public bool Exists => Json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The <c>type</c>.</summary>
    public string Type => Text("type") ?? throw Wrong("type", "expected the name of a type");

    /// <summary>A field; it may be absent.</summary>
    public SerializedPart this[string name] =>
        new(File, Path.Length == 0 ? name : $"{Path}.{name}", Json.ValueKind == JsonValueKind.Object
            && Json.TryGetProperty(name, out var value) ? value : default);

    /// <summary>The items of a list field; none where it is absent.</summary>
    public IEnumerable<SerializedPart> Items(string name)
    {
        var list = this[name];
        if (!list.Exists) yield break;
        if (list.Json.ValueKind != JsonValueKind.Array) throw Wrong(name, "expected a list");
        int i = 0;
        foreach (var item in list.Json.EnumerateArray()) yield return new SerializedPart(File, $"{list.Path}[{i++}]", item);
    }

    /// <summary>A string field, or null.</summary>
    public string? Text(string name)
    {
        var part = this[name];
        if (!part.Exists) return null;
        string file = File;
        return part.Json.ValueKind == JsonValueKind.String
            ? TokenizerJson.Text(file, part.Json.GetString)
            : throw Wrong(name, "expected a string");
    }

    /// <summary>A boolean field.</summary>
    public bool Flag(string name, bool otherwise)
    {
        var part = this[name];
        if (!part.Exists) return otherwise;
        return part.Json.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? part.Json.GetBoolean()
            : throw Wrong(name, "expected true or false");
    }

    /// <summary>An integer field, or null.</summary>
    public int? Integer(string name)
    {
        var part = this[name];
        if (!part.Exists) return null;
        return part.Json.ValueKind == JsonValueKind.Number && part.Json.TryGetInt32(out int value)
            ? value
            : throw Wrong(name, "expected a whole number");
    }

    /// <summary>An error of a field.</summary>
    public TokenizerException Wrong(string name, string problem)
    {
        var part = name.Length == 0 ? this : this[name];
        string found = part.Exists ? part.Json.GetRawText() : "nothing";
        return new TokenizerException(File, null, $"{part.Path}: {problem}, found {(found.Length > 80 ? found[..80] + "..." : found)}.");
    }

    /// <summary>The error of a type that is not among those that can be read.</summary>
    public TokenizerException Unsupported(string what) => new(File, null, $"{Path}: the {what} \"{Type}\" is not supported.");
}
