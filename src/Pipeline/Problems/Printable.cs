using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Pipeline.Problems;

/// <summary>Makes what users wrote fit for one line of a message: short, and without control characters.</summary>
internal static partial class Printable
{
    /// <summary>A text in quotation marks, cut where it is over 60 characters.</summary>
    public static string Quoted(string text) => $"\"{Clip(text)}\"";

    /// <summary>A text, cut where it is over 60 characters.</summary>
    public static string Clip(string text) =>
        OneLine(text.Length <= 60 ? text : text[..(char.IsHighSurrogate(text[56]) ? 56 : 57)] + "...");

    /// <summary>A text with its control characters written as JSON writes them.</summary>
    public static string OneLine(string text)
    {
        if (!text.Any(char.IsControl)) return text;
        var line = new StringBuilder();
        foreach (char c in text)
        {
            if (c == '\n') line.Append("\\n");
            else if (c == '\t') line.Append("\\t");
            else if (char.IsControl(c)) line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else line.Append(c);
        }
        return line.ToString();
    }

    /// <summary>What System.Text.Json says about bad syntax, without the place at its end and the text that it quotes at length.</summary>
    public static string OfJsonError(string message)
    {
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
            return "the text ends inside an object or a list that is not closed";
        message = PlaceAtEnd().Replace(message, "")
            .Replace(" which is not supported in this mode. Change the reader options", "", StringComparison.Ordinal).TrimEnd('.');
        return OneLine(BadLiteral().Match(message) is { Success: true } literal
            ? $"expected a value, found '{Clip(literal.Groups[1].Value)}'"
            : message);
    }

    [GeneratedRegex(@"\s*(Path: .*)?(LineNumber: \d+)?[ |]*(BytePositionInLine: \d+)?\.?$", RegexOptions.Singleline)]
    private static partial Regex PlaceAtEnd();

    // The parser quotes the rest of the text as the literal; the word that it begins with is enough.
    [GeneratedRegex(@"^'([^\s,\]}:]*).*' is an invalid JSON literal", RegexOptions.Singleline)]
    private static partial Regex BadLiteral();
}
