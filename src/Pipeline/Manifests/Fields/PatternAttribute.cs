using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>A regular expression (the subset that .NET and ECMA-262 share) that a text must match.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute([StringSyntax(StringSyntaxAttribute.Regex)] string expression, string words) : Attribute
{
    /// <summary>The expression; anchors are its own.</summary>
    public string Expression { get; } = expression;

    /// <summary>Whether a text matches. A final $ is the very end, as in ECMA-262, not before a last line break.</summary>
    public bool Matches(string text) =>
        Regex.IsMatch(text, Expression.EndsWith('$') ? Expression[..^1] + @"\z" : Expression, RegexOptions.CultureInvariant);

    /// <summary>What is expected, in words, for the error message.</summary>
    public string Words { get; } = words;
}
