namespace DiffusionBatch.Diffusion.Data;

/// <summary>One training or validation pair, of texts or of token ids.</summary>
/// <param name="Id">Its id, unique in its file; random draws are keyed by it.</param>
/// <param name="Source">What stands in for <c>{source}</c>.</param>
/// <param name="Target">What stands in for <c>{target}</c>.</param>
public sealed record TrainingPair(string Id, string Source, string Target)
{
    /// <summary>The prompt's ids as they stand, in place of a source; null for texts.</summary>
    public int[]? PromptIds { get; init; }

    /// <summary>The response's ids without the closing <c>&lt;/s&gt;</c>, in place of a target; null for texts.</summary>
    public int[]? TargetIds { get; init; }

    /// <summary>The texts around it, in place of the run's; null for those.</summary>
    public PromptTemplate? Template { get; init; }

    /// <summary>What stands before the prompt's text: demonstrations.</summary>
    public string Before { get; init; } = "";

    /// <summary>Whether it is given as token ids, which no tokenizer and no template touches.</summary>
    public bool IsTokens => PromptIds is not null || TargetIds is not null;

    /// <summary>The highest of its ids; -1 where it has none.</summary>
    public int HighestId => Math.Max(PromptIds?.DefaultIfEmpty(-1).Max() ?? -1, TargetIds?.DefaultIfEmpty(-1).Max() ?? -1);

    /// <summary>A pair of token ids.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="promptIds">The prompt, which may be empty.</param>
    /// <param name="targetIds">The response.</param>
    public static TrainingPair OfTokens(string id, int[] promptIds, int[] targetIds) =>
        new(id, "", "") { PromptIds = promptIds, TargetIds = targetIds };
}
