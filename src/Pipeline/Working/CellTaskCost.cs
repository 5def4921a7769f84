using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>What a task's part took in a cell.</summary>
/// <param name="Nfe">Forward passes.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Took">Times and operations; null where they aren't known.</param>
internal sealed record CellTaskCost(long Nfe, long Tokens, PartCost? Took)
{
    /// <summary>The cost of several parts as that of one; what isn't known of one isn't known of all.</summary>
    public static CellTaskCost Sum(IReadOnlyList<CellTaskCost> parts) => new(
        parts.Sum(p => p.Nfe), parts.Sum(p => p.Tokens), parts.All(p => p.Took is not null) ? PartCost.Merge([.. parts.Select(p => p.Took!)]) : null);
}
