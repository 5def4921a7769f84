using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Reads the small JSON files of a tokenizer folder, with errors that name file and line.</summary>
internal static class TokenizerJson
{
    /// <summary>The file's object; null where there is no file.</summary>
    /// <exception cref="TokenizerException">The file is not a JSON object.</exception>
    public static JsonDocument? ReadObject(string file)
    {
        if (!File.Exists(file)) return null;
        try
        {
            byte[] content = File.ReadAllBytes(file);
            int valid = Utf8.IsValid(content) ? content.Length : ValidPrefix(content);
            if (valid < content.Length) throw new TokenizerException(file, content.AsSpan(0, valid).Count((byte)'\n') + 1, "not valid UTF-8.");
            var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException e)
        {
            throw new TokenizerException(file, (int?)e.LineNumber + 1, "not valid JSON.", e);
        }
        throw new TokenizerException(file, 1, "expected a JSON object.");
    }

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
        if (document is null || !document.RootElement.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content)) value = content;
        return value.ValueKind == JsonValueKind.String ? Text(file, value.GetString)
            : throw new TokenizerException(file, null, $"\"{key}\" is {value.GetRawText()}; expected a string or an object with \"content\".");
    }

    /// <summary>How many bytes from the start are whole UTF-8 characters.</summary>
    static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out int width) == OperationStatus.Done) at += width;
        return at;
    }
}
