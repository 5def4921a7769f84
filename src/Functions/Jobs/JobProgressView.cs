namespace DiffusionBatch.Functions.Jobs;

/// <summary>How far a job is.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Phase">What its newest running task does.</param>
/// <param name="Rate">Units a second.</param>
/// <param name="SecondsLeft">Estimated seconds to go.</param>
/// <param name="Figures">Live figures, such as the loss.</param>
public sealed record JobProgressView(long Done, long Total, string? Unit, string? Phase, double? Rate, double? SecondsLeft, IReadOnlyDictionary<string, double>? Figures);
