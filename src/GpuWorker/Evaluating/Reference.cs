namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>What an item's texts are scored against.</summary>
/// <param name="Index">Its place in the references, from 0.</param>
/// <param name="Source">Its source, or null.</param>
/// <param name="Targets">At least one text.</param>
internal sealed record Reference(int Index, string? Source, IReadOnlyList<string> Targets);
