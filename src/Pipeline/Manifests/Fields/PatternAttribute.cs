using System.Diagnostics.CodeAnalysis;

namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>A regular expression (the subset that .NET and ECMA-262 share) that a text must match.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute([StringSyntax(StringSyntaxAttribute.Regex)] string expression, string words) : Attribute
{
    /// <summary>The expression; anchors are its own.</summary>
    public string Expression { get; } = expression;

    /// <summary>What is expected, in words, for the error message.</summary>
    public string Words { get; } = words;
}
