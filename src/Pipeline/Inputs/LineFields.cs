using System.Text;
using System.Text.Json;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>Reads one line's JSON value by value, and notes what is wrong with it.</summary>
/// <param name="line">The line's bytes, valid UTF-8.</param>
/// <param name="file">The file's name in problems.</param>
/// <param name="number">The line's number, from 1.</param>
/// <param name="problems">Where problems go.</param>
internal readonly ref struct LineFields(ReadOnlySpan<byte> line, string file, int number, List<Problem> problems)
{
    readonly ReadOnlySpan<byte> _line = line;

    /// <summary>A text at the reader's place; null and a problem where there is none.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="keep">False to check the text only; the result is then "" where it is not empty.</param>
    public string? Text(ref Utf8JsonReader reader, string name, bool keep)
    {
        if (reader.TokenType == JsonTokenType.String) return Decode(ref reader, name, keep);
        Wrong(ref reader, name, "a text");
        return null;
    }

    /// <summary>A text, or a list of at least one; empty and a problem where there is neither.</summary>
    public List<string> Texts(ref Utf8JsonReader reader, string name, bool keep)
    {
        var texts = new List<string>();
        if (reader.TokenType == JsonTokenType.String)
        {
            if (Decode(ref reader, name, keep) is { } single) texts.Add(single);
            return texts;
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Wrong(ref reader, name, "a text or a list of texts");
            return texts;
        }
        long start = reader.TokenStartIndex;
        int index = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            if (Text(ref reader, $"{name}/{index}", keep) is { } text) texts.Add(text);
        if (index == 0) Add(start, name, "expected a text or a list of at least one text, found an empty list");
        return texts;
    }

    /// <summary>Whether a list stands at the reader's place, of at least one member, all of them texts.</summary>
    /// <param name="reader">At the value; a copy, so the caller's stays there.</param>
    public static bool IsListOfTexts(Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType == JsonTokenType.EndArray) return false;
        do
            if (reader.TokenType != JsonTokenType.String) return false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray);
        return true;
    }

    /// <summary>A list of token ids, each from 0; null and a problem where there is none.</summary>
    public int[]? Ids(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Wrong(ref reader, name, "a list of token ids");
            return null;
        }
        var ids = new List<int>();
        bool good = true;
        for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            int? id = Integer(ref reader, $"{name}/{index}", 0, "a token id, a whole number from 0");
            good &= id is not null;
            ids.Add(id ?? 0);
        }
        return good ? [.. ids] : null;
    }

    /// <summary>A whole number; null and a problem where there is none, or where it is too small.</summary>
    public int? Integer(ref Utf8JsonReader reader, string name, int minimum, string expected)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt32(out int value) && value >= minimum) return value;
            // 12.0 and 1.2e1 are the whole number 12 too, as JSON Schema has it.
            if (reader.TryGetDouble(out double number) && number == Math.Truncate(number) && number >= minimum && number <= int.MaxValue)
                return (int)number;
        }
        Wrong(ref reader, name, expected);
        return null;
    }

    /// <summary>Notes a problem at a byte of the line.</summary>
    public void Add(long at, string? name, string message)
    {
        int column = Encoding.UTF8.GetCharCount(_line[..(int)Math.Min(at, _line.Length)]) + 1;
        problems.Add(new Problem(file, name is null ? null : "/" + name, number, column, message));
    }

    /// <summary>Notes that a value isn't what is expected, and skips it.</summary>
    public void Wrong(ref Utf8JsonReader reader, string? name, string expected)
    {
        Add(reader.TokenStartIndex, name, $"expected {expected}, found {Found(ref reader)}");
        reader.Skip();
    }

    string? Decode(ref Utf8JsonReader reader, string name, bool keep)
    {
        // While only checking, a text that begins with a printable ASCII character needn't be decoded to be a good one.
        if (!keep && !reader.ValueIsEscaped && !reader.ValueSpan.IsEmpty && reader.ValueSpan[0] is > (byte)' ' and < 0x7F) return "-";
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException) // what the reader throws for \uD800 without its other half
        {
            Add(reader.TokenStartIndex, name, "expected a text of Unicode characters, found half of a surrogate pair in a \\u escape");
            return null;
        }
    }

    static string Found(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"the text {Clip(reader.ValueSpan, "\"")}",
        JsonTokenType.Number => $"the number {Clip(reader.ValueSpan, "")}",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => "null",
    };

    static string Clip(ReadOnlySpan<byte> value, string quote)
    {
        string text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, 200)]);
        return value.Length <= 40 ? quote + text + quote : $"{quote}{text[..Math.Min(40, text.Length)]}...{quote}";
    }
}
