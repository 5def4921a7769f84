namespace DiffusionBatch.Evaluation.Cost;

/// <summary>What a cell's results cost.</summary>
/// <param name="Items">Items that were sampled.</param>
/// <param name="ForwardPasses">The items' nfe, summed.</param>
/// <param name="Tokens">Tokens of the responses, padding not counted.</param>
/// <param name="Seconds">Computing time of the items, as if each had been sampled alone; null where it isn't known.</param>
public sealed record CellCost(long Items, long ForwardPasses, long Tokens, double? Seconds)
{
    /// <summary>Forward passes of an item, on average.</summary>
    public double ForwardPassesPerItem => Items == 0 ? 0 : (double)ForwardPasses / Items;

    /// <summary>Seconds of an item, on average.</summary>
    public double? SecondsPerItem => Items == 0 ? null : Seconds / Items;

    /// <summary>Tokens in a second.</summary>
    public double? TokensPerSecond => Seconds > 0 ? Tokens / Seconds : null;
}
