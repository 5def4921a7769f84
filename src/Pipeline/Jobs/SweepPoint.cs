namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>A cell of an evaluation as the index keeps it: where it lies in the sweep, and what it cost.</summary>
/// <param name="Cell">The cell's name.</param>
public sealed record SweepPoint(string Cell)
{
    /// <summary>Denoising steps; null where they aren't known, like all the rest.</summary>
    public long? Steps { get; init; }

    /// <summary>The strategy.</summary>
    public string? Preset { get; init; }

    /// <summary>Where lengths come from.</summary>
    public string? LengthSource { get; init; }

    /// <summary>The temperature of token choice.</summary>
    public double? Temperature { get; init; }

    /// <summary>All settings of the sampler, one JSON object.</summary>
    public string? Sampler { get; init; }

    /// <summary>Items that were sampled.</summary>
    public long? Items { get; init; }

    /// <summary>Their forward passes.</summary>
    public long? ForwardPasses { get; init; }

    /// <summary>Their tokens.</summary>
    public long? Tokens { get; init; }

    /// <summary>Their computing time.</summary>
    public double? Seconds { get; init; }

    /// <summary>Seconds that half of them don't exceed.</summary>
    public double? LatencyMedian { get; init; }

    /// <summary>Seconds that 95 % of them don't exceed.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>Floating-point operations that they need.</summary>
    public double? Flops { get; init; }

    /// <summary>The most memory, in bytes, of the process that sampled them.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>The price of 1,000 of them.</summary>
    public double? PricePerThousandItems { get; init; }

    /// <summary>The price's currency.</summary>
    public string? Currency { get; init; }
}

/// <summary>One figure of a finished job, as the index keeps it.</summary>
/// <param name="Cell">The cell that it belongs to, or an empty string for the job as a whole.</param>
/// <param name="Name">The metric's name, as in the report.</param>
/// <param name="Score">Its value, in the metric's own scale.</param>
public sealed record MetricValue(string Cell, string Name, double Score)
{
    /// <summary>How it was computed, in the field's notation, or null.</summary>
    public string? Signature { get; init; }

    /// <summary>The lower end of its confidence interval, or null.</summary>
    public double? Low { get; init; }

    /// <summary>The upper end of its confidence interval, or null.</summary>
    public double? High { get; init; }
}
