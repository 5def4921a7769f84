namespace DiffusionBatch.Pipeline.Index;

/// <summary>Why a task is given up.</summary>
/// <param name="Reason">The last error, in a sentence.</param>
/// <param name="ItemId">The item's id, or null where the task has none.</param>
public sealed record PoisonEntry(string Reason, string? ItemId = null);
