using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Contracts.Fields;

/// <summary>
/// Makes a record's property a field of the manifest. Together with the property's type, its `required`
/// modifier and its initial value (the default), this is the only place where a field is described: the binder,
/// the JSON Schema, the writer and the documentation's test all read it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldAttribute(string description) : Attribute
{
    /// <summary>What the field means, one sentence for a reader who knows JSONL and HTTP.</summary>
    public string Description { get; } = description;

    /// <summary>The default in words, where it isn't a constant (e.g. "a tenth of steps").</summary>
    public string? Default { get; init; }

    /// <summary>False for what changes speed or conduct, never results: such a field isn't part of the fingerprint.</summary>
    public bool Fingerprinted { get; init; } = true;
}

/// <summary>Makes a text field the name of a strategy of a kind.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StrategyFieldAttribute(StrategyKind kind) : Attribute
{
    /// <summary>The kind.</summary>
    public StrategyKind Kind { get; } = kind;
}

/// <summary>
/// Makes a field one that only some of the strategies heed which the same object names: those that say so
/// (<see cref="StrategyAttribute.Settings"/>). Given with others alone it is an error.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SpecificAttribute : Attribute;

/// <summary>Makes a field one that has a meaning only where another field of the same object has one of these values.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OnlyWithAttribute(string field, params string[] values) : Attribute
{
    /// <summary>The other field's name in manifests.</summary>
    public string Field { get; } = field;

    /// <summary>Its values, as manifests write them.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>How many items a list may have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CountAttribute(int minimum, int maximum = int.MaxValue) : Attribute
{
    /// <summary>The fewest items.</summary>
    public int Minimum { get; } = minimum;

    /// <summary>The most items; <see cref="int.MaxValue"/> for no bound.</summary>
    public int Maximum { get; } = maximum;

    /// <summary>"exactly 2 items", "at least 1 item", "1 to 5 items".</summary>
    public override string ToString() =>
        Minimum == Maximum ? $"exactly {Minimum} item{(Minimum == 1 ? "" : "s")}"
        : Maximum == int.MaxValue ? $"at least {Minimum} item{(Minimum == 1 ? "" : "s")}"
        : $"{Minimum} to {Maximum} items";
}

/// <summary>The closed range of a number, or of each number of a list. Ends can be made exclusive.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WithinAttribute(double minimum, double maximum) : Attribute
{
    /// <summary>The smallest value; <see cref="double.NegativeInfinity"/> for none.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>The largest value; <see cref="double.PositiveInfinity"/> for none.</summary>
    public double Maximum { get; } = maximum;

    /// <summary>Whether the minimum itself is refused.</summary>
    public bool AboveMinimum { get; init; }

    /// <summary>Whether the maximum itself is refused.</summary>
    public bool BelowMaximum { get; init; }

    /// <summary>One value outside the range that is accepted too (NaN: none), e.g. -1 for "never".</summary>
    public double Also { get; init; } = double.NaN;

    /// <summary>Whether the value is accepted.</summary>
    public bool Holds(double value) =>
        value == Also
        || ((AboveMinimum ? value > Minimum : value >= Minimum) && (BelowMaximum ? value < Maximum : value <= Maximum));

    /// <summary>The range in words: "from 0 to 1, or -1", "at least 1", "above 0".</summary>
    public override string ToString()
    {
        string low = AboveMinimum ? $"above {Text(Minimum)}" : $"at least {Text(Minimum)}";
        string high = BelowMaximum ? $"below {Text(Maximum)}" : $"at most {Text(Maximum)}";
        string range = double.IsPositiveInfinity(Maximum) ? low
            : double.IsNegativeInfinity(Minimum) ? high
            : !AboveMinimum && !BelowMaximum ? $"from {Text(Minimum)} to {Text(Maximum)}"
            : $"{low} and {high}";
        return double.IsNaN(Also) ? range : $"{range}, or {Text(Also)}";
    }

    static string Text(double value) => value == Math.Truncate(value) && Math.Abs(value) < 1e18
        ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : value.ToString(CultureInfo.InvariantCulture);
}

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

/// <summary>How an enum's member is written in a manifest, where that isn't its name in camelCase.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class LiteralAttribute(string text) : Attribute
{
    /// <summary>The text in the manifest.</summary>
    public string Text { get; } = text;
}

/// <summary>Makes a text field a path under the storage root and says what must be there.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PathAttribute(PathRole role) : Attribute
{
    /// <summary>What the path is for.</summary>
    public PathRole Role { get; } = role;
}

/// <summary>A field that makes no sense, or isn't enough, without another one of the same object.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class NeedsAttribute(string field, string other) : Attribute
{
    /// <summary>The field that, when given, asks for the other.</summary>
    public string Field { get; } = field;

    /// <summary>The field that must then be given too.</summary>
    public string Other { get; } = other;
}

/// <summary>Exactly one of these fields (by their names in the manifest) must be given.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExactlyOneAttribute(params string[] fields) : Attribute
{
    /// <summary>The fields' names.</summary>
    public IReadOnlyList<string> Fields { get; } = fields;
}

/// <summary>Lets a bare text stand for an object that has only this field.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShorthandAttribute(string field) : Attribute
{
    /// <summary>The field's name.</summary>
    public string Field { get; } = field;
}

/// <summary>Values that the manifests' specification knows and this version refuses with an error that says so.</summary>
[AttributeUsage(AttributeTargets.Enum | AttributeTargets.Property)]
public sealed class LaterValuesAttribute(params string[] values) : Attribute
{
    /// <summary>The values, as written in manifests.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}
