namespace DiffusionBatch.Functions.Health;

/// <summary>The answer of a probe.</summary>
/// <param name="Status"><c>live</c> while the process serves requests.</param>
public sealed record HealthStatus(string Status);
