using System.Globalization;

namespace DiffusionBatch.Pipeline.Manifests.Fields;

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
