namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>What a task tells of its work; the runner makes a <see cref="JobProgress"/> of it.</summary>
/// <param name="Phase">What it does, in a word or two.</param>
/// <param name="Done">Units done; negative where the task doesn't count.</param>
/// <param name="Total">Units in all, or 0.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Metrics">Live figures by name.</param>
/// <param name="Note">A sentence for the log, or null.</param>
public sealed record TaskProgress(
    string Phase,
    long Done,
    long Total,
    string Unit,
    IReadOnlyDictionary<string, double>? Metrics = null,
    string? Note = null);
