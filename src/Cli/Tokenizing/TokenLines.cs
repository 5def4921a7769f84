using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace DiffusionBatch.Cli.Tokenizing;

/// <summary>The lines of <c>dbatch tokenize</c>: turns a JSON string into an array of ids, or the other way.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="plain">Without the family's special tokens.</param>
internal sealed class TokenLines(FolderTokenizer tokenizer, bool plain)
{
    static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the ids of a line's text.</summary>
    /// <exception cref="FormatException">The line is no JSON string, or no Unicode text.</exception>
    public void Encode(ReadOnlySpan<byte> line, IBufferWriter<byte> output)
    {
        int[] ids = tokenizer.Encode(ReadText(line), plain);
        output.Write("["u8);
        for (int i = 0; i < ids.Length; i++)
        {
            Span<byte> place = output.GetSpan(12);
            int at = 0;
            if (i > 0) place[at++] = (byte)',';
            ids[i].TryFormat(place[at..], out int digits);
            output.Advance(at + digits);
        }
        output.Write("]\n"u8);
    }

    /// <summary>Writes the text of a line's ids.</summary>
    /// <exception cref="FormatException">The line is no array of ids.</exception>
    public void Decode(ReadOnlySpan<byte> line, IBufferWriter<byte> output)
    {
        string text = tokenizer.Decode(ReadIds(line));
        using (var json = new Utf8JsonWriter(output, s_json)) json.WriteStringValue(text);
        output.Write("\n"u8);
    }

    static string ReadText(ReadOnlySpan<byte> line)
    {
        const string Expected = "expected a JSON string, such as \"a text\"";
        CheckUtf8(line);
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.String) throw new FormatException(Expected);
            string text = reader.GetString()!;
            return reader.Read() ? throw new FormatException(Expected) : text;
        }
        catch (JsonException)
        {
            throw new FormatException(Expected);
        }
        catch (InvalidOperationException)
        {
            throw new FormatException(
                "the string has an escape that is half a surrogate pair; expected a text of whole Unicode characters");
        }
    }

    static int[] ReadIds(ReadOnlySpan<byte> line)
    {
        const string Expected = "expected an array of ids, such as [0,42,2]";
        CheckUtf8(line);
        var ids = new List<int>();
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw new FormatException(Expected);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                ids.Add(
                    reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int id) ? id : throw new FormatException(Expected));
            return reader.Read() ? throw new FormatException(Expected) : [.. ids];
        }
        catch (JsonException)
        {
            throw new FormatException(Expected);
        }
    }

    static void CheckUtf8(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line)) throw new FormatException("the line is not valid UTF-8");
    }
}
