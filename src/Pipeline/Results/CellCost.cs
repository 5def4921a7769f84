namespace DiffusionBatch.Pipeline.Results;

/// <summary>What a cell's results cost.</summary>
/// <param name="Nfe">Forward passes, each item's own trajectory alone, summed.</param>
/// <param name="Tokens">Tokens of the responses.</param>
/// <param name="Seconds">Computing time, as if each item's trajectory had been run by itself.</param>
public sealed record CellCost(long Nfe, long Tokens, double Seconds)
{
    /// <summary>Seconds that half of the items don't exceed, to 1 %; null where it isn't known.</summary>
    public double? LatencyMedian { get; init; }

    /// <summary>Seconds that 95 % of the items don't exceed, to 1 %; null where it isn't known.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>Floating-point operations that the items' passes need, from the architecture; null where it isn't known.</summary>
    public double? Flops { get; init; }

    /// <summary>The most memory, in bytes, that the process had held when the job was finished; null where it isn't known.</summary>
    public long? PeakMemory { get; init; }
}
