using DiffusionBatch.Diffusion.Lengths;


namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>The lengths to sample an item at in one cell, or why it can't be.</summary>
/// <param name="Lengths">One for each candidate, in order; empty with an error.</param>
/// <param name="Error">Null when there are lengths.</param>
internal sealed record LengthPlan(int[] Lengths, ItemError? Error)
{
    /// <summary>Whether this item needs the predictor in this cell.</summary>
    public static bool NeedsPredictor(SampleItem item, LengthSettings settings) =>
        settings.Source == LengthSource.Predicted && item.LengthOverride is null;

    /// <summary>What is wrong with an item in every cell, or null.</summary>
    public static ItemError? Check(SampleItem item, int vocabulary, int usablePositions)
    {
        if (item.PromptIds.Length == 0) return new ItemError(ItemError.EmptySource, "The prompt has no tokens.");
        foreach (int id in item.PromptIds)
            if (id < 0 || id >= vocabulary)
                return new ItemError(ItemError.UnknownId, $"The prompt's id {id} is outside the vocabulary of {vocabulary} tokens.");
        return item.PromptIds.Length + 2 > usablePositions ? TooLong(item, 1, usablePositions) : null;
    }

    /// <summary>Decides the candidates' lengths.</summary>
    /// <param name="item">An item that <see cref="Check"/> finds nothing wrong with.</param>
    /// <param name="settings">The cell's choice.</param>
    /// <param name="predictorLogits">(C) for the item's prompt, or null where there's no predictor.</param>
    /// <param name="usablePositions">The model's longest canvas.</param>
    public static LengthPlan For(SampleItem item, LengthSettings settings, float[]? predictorLogits, int usablePositions)
    {
        int longest = usablePositions - item.PromptIds.Length - 1;
        int? given = item.LengthOverride ?? settings.Source switch
        {
            LengthSource.Oracle => item.OracleLength,
            LengthSource.Fixed => settings.Value,
            _ => null,
        };
        if (given > longest) return new LengthPlan([], TooLong(item, given.Value, usablePositions));
        if (given >= 0) return new LengthPlan([given.Value], null);
        if (given < 0) return new LengthPlan([], new ItemError(ItemError.NoLength, $"The length {given} is negative."));
        if (settings.Source == LengthSource.Oracle)
            return new LengthPlan([], new ItemError(ItemError.NoTarget, "The length comes from the target, and this item has none."));
        return predictorLogits is null
            ? new LengthPlan([], new ItemError(ItemError.NoLength, "The length is to be predicted, and the model has no length predictor."))
            : new LengthPlan(LengthBeam.Candidates(predictorLogits, settings.Beam, longest), null);
    }

    static ItemError TooLong(SampleItem item, int length, int usablePositions) => new(ItemError.TooLong,
        $"Prompt {item.PromptIds.Length} + response {length} + 1 tokens are beyond the model's {usablePositions} positions.");
}
