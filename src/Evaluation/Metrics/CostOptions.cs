namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>How a cell's cost is stated.</summary>
/// <param name="PricePerHour">The price of an hour of the machine that sampled; null for none.</param>
/// <param name="Currency">The price's currency, for the reader; null where nobody says.</param>
public sealed record CostOptions(double? PricePerHour = null, string? Currency = null);
