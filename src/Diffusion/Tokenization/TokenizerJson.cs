using System.Text.Json;
using DiffusionBatch.Diffusion.Data;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Reads the small JSON files of a tokenizer folder, with errors that name file and line.</summary>
internal static class TokenizerJson
{
    /// <summary>The file's object; null where there is no file.</summary>
    /// <exception cref="TokenizerException">The file is not a JSON object.</exception>
    public static JsonDocument? ReadObject(string file)
    {
        if (!File.Exists(file)) return null;
        byte[] content = [];
        try
        {
            content = JsonFault.WithoutMark(Bytes(file)).ToArray();
            if (JsonFault.OfEncoding(content) is { } encoding) throw Malformed(file, encoding);
            var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException e)
        {
            throw Malformed(file, JsonFault.Of(content, e), e);
        }
        throw new TokenizerException(file, 1, "expected a JSON object.");
    }

    /// <summary>The value of a field of the file's object; null where it is absent. What stands behind it is not read.</summary>
    /// <param name="file">The file, for errors.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="name">The field.</param>
    /// <exception cref="TokenizerException">The file is not a JSON object up to there.</exception>
    public static JsonDocument? ReadProperty(string file, byte[] bytes, string name)
    {
        var content = JsonFault.WithoutMark(bytes);
        if (JsonFault.OfEncoding(content) is { } encoding) throw Malformed(file, encoding);
        var reader = new Utf8JsonReader(content);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw new TokenizerException(file, 1, "expected a JSON object.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isWanted = reader.ValueTextEquals(name);
                reader.Read();
                if (isWanted) return JsonDocument.ParseValue(ref reader);
                reader.Skip();
            }
            return null;
        }
        catch (JsonException e)
        {
            throw Malformed(file, JsonFault.Of(content, e), e);
        }
    }

    /// <summary>A file's bytes.</summary>
    /// <exception cref="TokenizerException">It can't be read.</exception>
    public static byte[] Bytes(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException(file, null, $"the file can't be read: {e.Message}", e);
        }
    }

    static TokenizerException Malformed(string file, JsonFault fault, Exception? inner = null) =>
        new(file, fault.Line, $"{fault.Message}; repair the file, or copy it again from where the tokenizer came.",
            inner)
        { Column = fault.Column };

    /// <summary>A property's name or a string's value.</summary>
    /// <exception cref="TokenizerException">It has an escape that is half a character.</exception>
    public static string Text(string file, Func<string?> read)
    {
        try
        {
            return read()!;
        }
        catch (InvalidOperationException e)
        {
            throw new TokenizerException(file, null, "a string has an escape that is half a character.", e);
        }
    }

    /// <summary>A boolean property; false where it is absent.</summary>
    public static bool Flag(string file, JsonDocument? document, string key)
    {
        if (document is null || !document.RootElement.TryGetProperty(key, out var value)) return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw new TokenizerException(file, null, $"\"{key}\" is {value.GetRawText()}; expected true or false.");
    }

    /// <summary>The name of a special token, written as a string or as an object with "content"; null where it is absent.</summary>
    public static string? TokenName(string file, JsonDocument? document, string key)
    {
        if (document is null || !document.RootElement.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content)) value = content;
        return value.ValueKind == JsonValueKind.String ? Text(file, value.GetString)
            : throw new TokenizerException(file, null,
                $"\"{key}\" is {value.GetRawText()}; expected a string or an object with \"content\".");
    }
}
