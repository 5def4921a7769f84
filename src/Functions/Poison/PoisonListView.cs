namespace DiffusionBatch.Functions.Poison;

/// <summary>The poison list, the newest first.</summary>
/// <param name="Rows">The given-up tasks.</param>
public sealed record PoisonListView(IReadOnlyList<PoisonView> Rows);
