namespace DiffusionBatch.Contracts;

/// <summary>Cells of finished evaluations, the newest first.</summary>
/// <param name="Cells">The cells.</param>
public sealed record SweepListView(IReadOnlyList<SweepView> Cells);

/// <summary>A cell of a finished evaluation.</summary>
/// <param name="Job">The evaluate job's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Report">Its output folder.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Steps">Denoising steps.</param>
/// <param name="Metrics">The scores by metric.</param>
public sealed record SweepView(string Job, string Name, string Report, DateTimeOffset FinishedAt, string Cell, long? Steps,
    IReadOnlyDictionary<string, ScoreView> Metrics)
{
    /// <summary>The sampler's strategy.</summary>
    public string? Preset { get; init; }

    /// <summary>Where lengths came from.</summary>
    public string? LengthSource { get; init; }

    /// <summary>The temperature of token choice.</summary>
    public double? Temperature { get; init; }

    /// <summary>Items that were sampled.</summary>
    public long? Items { get; init; }

    /// <summary>Forward passes of an item, the mean.</summary>
    public double? ForwardPassesPerItem { get; init; }

    /// <summary>Tokens a second of computing time.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Computing time of all items, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>Seconds that half of the items don't exceed.</summary>
    public double? LatencyMedian { get; init; }

    /// <summary>Seconds that 95 % of the items don't exceed.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>The price of 1,000 items, and its currency in <see cref="Currency"/>.</summary>
    public double? PricePerThousandItems { get; init; }

    /// <summary>The price's currency.</summary>
    public string? Currency { get; init; }
}

/// <summary>A metric's score.</summary>
/// <param name="Score">The score; absent where it isn't defined.</param>
/// <param name="Low">The lower end of its interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Signature">How it was computed.</param>
public sealed record ScoreView(double? Score, double? Low, double? High, string? Signature);
