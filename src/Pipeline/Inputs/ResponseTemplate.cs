using System.Globalization;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>
/// A response that is given but for its blanks: <c>{blank}</c> is a blank of one token, <c>{blank:12}</c> one of twelve. Any other brace
/// stands for itself.
/// </summary>
/// <param name="Parts">In order: a text, or a blank of so many tokens.</param>
public sealed partial record ResponseTemplate(IReadOnlyList<(string? Text, int Blank)> Parts)
{
    /// <summary>The most tokens of a blank.</summary>
    public const int LongestBlank = 1 << 20;

    /// <summary>Parses a template; null and what is wrong where it can't be.</summary>
    public static ResponseTemplate? Parse(string text, out string? problem)
    {
        var parts = new List<(string?, int)>();
        int at = 0;
        problem = null;
        foreach (Match match in Blank().Matches(text))
        {
            int tokens = 1;
            if (match.Groups[1].Success
                && !(int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out tokens)
                    && tokens is >= 1 and <= LongestBlank))
            {
                problem = $"expected {{blank}} or a number of tokens from 1 to {LongestBlank} as in {{blank:12}}, found {match.Value}";
                return null;
            }
            if (match.Index > at) parts.Add((text[at..match.Index], 0));
            parts.Add((null, tokens));
            at = match.Index + match.Length;
        }
        if (at < text.Length) parts.Add((text[at..], 0));
        return new ResponseTemplate(parts);
    }

    [GeneratedRegex(@"\{blank(?::([^{}]*))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Blank();
}
