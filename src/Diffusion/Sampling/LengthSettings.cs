namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>How many slots an item gets. An item's own <see cref="SampleItem.LengthOverride"/> comes before all of it.</summary>
public sealed record LengthSettings
{
    /// <summary>Where the length comes from.</summary>
    public LengthSource Source { get; init; } = LengthSource.Predicted;

    /// <summary>The length of <see cref="LengthSource.Fixed"/>, at least 1 there.</summary>
    public int Value { get; init; }

    /// <summary>How many of the predictor's best lengths are sampled; the candidate with the highest mean score wins.</summary>
    public int Beam { get; init; } = 1;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Beam, 1);
        if (Source == LengthSource.Fixed) ArgumentOutOfRangeException.ThrowIfLessThan(Value, 1);
    }
}
