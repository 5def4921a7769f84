namespace DiffusionBatch.Pipeline.Manifests.Fields;

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
