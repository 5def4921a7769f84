namespace DiffusionBatch.Pipeline.Jobs;

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
