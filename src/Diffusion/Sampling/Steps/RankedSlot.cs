namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>A slot with the value it's ranked by; the order is total: by value, then by position.</summary>
internal readonly record struct RankedSlot(double Value, int Position) : IComparable<RankedSlot>
{
    /// <inheritdoc/>
    public int CompareTo(RankedSlot other)
    {
        int byValue = Value.CompareTo(other.Value);
        return byValue != 0 ? byValue : Position.CompareTo(other.Position);
    }
}
