using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Diffusion.Data;

/// <summary>Why a text is no JSON that can be used, and where.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in UTF-16 code units, from 1.</param>
/// <param name="Message">What is wrong, in a sentence without full stop.</param>
internal sealed partial record JsonFault(int Line, int Column, string Message)
{
    const int MostShown = 60;

    /// <summary>A text without the byte order mark that some editors put before it.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) => utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;

    /// <summary>
    /// The first thing that is wrong with a text as a whole: its encoding, its syntax, a name that stands twice in an object, half a
    /// character in an escape.
    /// </summary>
    /// <returns>Null where nothing is.</returns>
    public static JsonFault? Find(ReadOnlySpan<byte> utf8)
    {
        if (OfEncoding(utf8) is { } encoding) return encoding;
        var reader = new Utf8JsonReader(utf8);
        var names = new Stack<HashSet<string>>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject) names.Push(new HashSet<string>(StringComparer.Ordinal));
                else if (reader.TokenType == JsonTokenType.EndObject) names.Pop();
                else if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    if (!names.Peek().Add(reader.GetString()!))
                        return At(utf8, reader.TokenStartIndex, $"the field \"{Clip(reader.GetString()!)}\" stands twice in this object");
                }
                else if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped) _ = reader.GetString();
            }
            return null;
        }
        catch (JsonException e)
        {
            return Of(utf8, e);
        }
        catch (InvalidOperationException) // what the reader throws for \uD800 without its other half
        {
            return At(utf8, reader.TokenStartIndex, "malformed JSON: half of a surrogate pair in a \\u escape");
        }
    }

    /// <summary>Where a text is not UTF-8, or empty; null where it is a text.</summary>
    public static JsonFault? OfEncoding(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.ContainsAnyExcept(" \t\r\n"u8)) return new JsonFault(1, 1, "the file is empty; a JSON object is expected");
        int at = 0;
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
            while (Rune.DecodeFromUtf8(utf8[at..], out _, out int width) == OperationStatus.Done) at += width;
        else return null;
        return At(utf8, at, $"invalid UTF-8: byte 0x{utf8[at]:X2}");
    }

    /// <summary>What the parser found, told as for manifests.</summary>
    public static JsonFault Of(ReadOnlySpan<byte> utf8, JsonException e)
    {
        int start = 0;
        for (long line = e.LineNumber ?? 0; line > 0; line--) start += utf8[start..].IndexOf((byte)'\n') + 1;
        return At(utf8, Math.Min(utf8.Length, start + (e.BytePositionInLine ?? 0)), "malformed JSON: " + Text(e.Message));
    }

    static JsonFault At(ReadOnlySpan<byte> utf8, long at, string message)
    {
        var before = utf8[..(int)at];
        int start = before.LastIndexOf((byte)'\n') + 1;
        return new JsonFault(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[start..]) + 1, message);
    }

    static string Text(string message)
    {
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
            return "the text ends inside an object or a list that is not closed";
        message = PlaceAtEnd().Replace(message, "").TrimEnd('.');
        return BadLiteral().Match(message) is { Success: true } literal
            ? $"expected a value, found '{Clip(literal.Groups[1].Value)}'"
            : Clip(message, 3 * MostShown);
    }

    static string Clip(string text, int most = MostShown)
    {
        string shown = string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));
        return shown.Length <= most ? shown : shown[..(most - 3)] + "...";
    }

    [GeneratedRegex(@"\s*(Change the reader options\.)?\s*(Path: .*)?(LineNumber: \d+)?[ |]*(BytePositionInLine: \d+)?\.?$",
        RegexOptions.Singleline)]
    private static partial Regex PlaceAtEnd();

    // The parser quotes the rest of the text as the literal; the word that it begins with is enough.
    [GeneratedRegex(@"^'([^\s,\]}:]*).*' is an invalid JSON literal", RegexOptions.Singleline)]
    private static partial Regex BadLiteral();
}
