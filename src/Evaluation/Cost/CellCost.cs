namespace DiffusionBatch.Evaluation.Cost;

/// <summary>What a cell's results cost.</summary>
/// <param name="Items">Items that were sampled.</param>
/// <param name="ForwardPasses">The items' nfe, summed.</param>
/// <param name="Tokens">Tokens of the responses, padding not counted.</param>
/// <param name="Seconds">Computing time of the items, as if each had been sampled alone; null where it isn't known.</param>
public sealed record CellCost(long Items, long ForwardPasses, long Tokens, double? Seconds)
{
    const double SecondsPerHour = 3_600;

    /// <summary>Seconds that half of the items don't exceed; null where it isn't known.</summary>
    public double? LatencyMedian { get; init; }

    /// <summary>Seconds that 95 % of the items don't exceed; null where it isn't known.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>Floating-point operations that the items' passes need, from the architecture; null where it isn't known.</summary>
    public double? Flops { get; init; }

    /// <summary>The most memory, in bytes, that the sampling process held; null where it isn't known.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>The price of an hour of the machine, as the manifest states it; null for none.</summary>
    public double? PricePerHour { get; init; }

    /// <summary>The price's currency; null where nobody says.</summary>
    public string? Currency { get; init; }

    /// <summary>Forward passes of an item, on average.</summary>
    public double ForwardPassesPerItem => Items == 0 ? 0 : (double)ForwardPasses / Items;

    /// <summary>Tokens that a forward pass writes, on average; null where there was none.</summary>
    public double? TokensPerPass => ForwardPasses == 0 ? null : (double)Tokens / ForwardPasses;

    /// <summary>Seconds of an item, on average.</summary>
    public double? SecondsPerItem => Items == 0 ? null : Seconds / Items;

    /// <summary>Tokens in a second.</summary>
    public double? TokensPerSecond => Seconds > 0 ? Tokens / Seconds : null;

    /// <summary>Floating-point operations of an item, on average.</summary>
    public double? FlopsPerItem => Items == 0 ? null : Flops / Items;

    /// <summary>The price of 1,000 items; null without a price or a time.</summary>
    public double? PricePerThousandItems => 1_000 * SecondsPerItem / SecondsPerHour * PricePerHour;
}

/// <summary>Adds up what a cell's items cost.</summary>
public sealed class CostAccumulator
{
    long _items;
    long _forwardPasses;
    long _tokens;
    double _seconds;
    bool _timed = true;

    /// <summary>Takes in one item.</summary>
    /// <param name="forwardPasses">Its nfe.</param>
    /// <param name="tokens">Its response's tokens, padding not counted.</param>
    /// <param name="seconds">Its computing time; one item without it leaves the cell without.</param>
    public void Add(long forwardPasses, long tokens, double? seconds = null)
    {
        _items++;
        _forwardPasses += forwardPasses;
        _tokens += tokens;
        _timed &= seconds is not null;
        _seconds += seconds ?? 0;
    }

    /// <summary>The sums.</summary>
    /// <param name="seconds">The cell's computing time where it is known as a whole; it goes before the items'.</param>
    public CellCost ToCost(double? seconds = null) =>
        new(_items, _forwardPasses, _tokens, seconds ?? (_timed && _items > 0 ? _seconds : null));
}
