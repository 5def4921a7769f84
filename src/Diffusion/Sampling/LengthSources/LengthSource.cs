using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Diffusion.Sampling.LengthSources;

/// <summary>Where a response's number of slots comes from. An item's own <see cref="SampleItem.LengthOverride"/> comes before it.</summary>
public abstract class LengthSource
{
    /// <summary>The sources by name: types with a constructor that takes nothing.</summary>
    public static StrategyRegistry<LengthSource> Registry { get; } = new(StrategyKind.Length, typeof(LengthSource).Assembly);

    /// <summary>Whether the length predictor is to be asked.</summary>
    public virtual bool NeedsPredictor => false;

    /// <summary>Decides the candidates' lengths.</summary>
    /// <param name="item">An item that <see cref="LengthPlan.Check"/> finds nothing wrong with, and that brings no length of its
    /// own.</param>
    /// <param name="settings">The cell's choice.</param>
    /// <param name="predictorLogits">(C) for the item's prompt, or null where there's no predictor, or nobody asked it.</param>
    /// <param name="usablePositions">The model's longest canvas.</param>
    public abstract LengthPlan Plan(SampleItem item, LengthSettings settings, float[]? predictorLogits, int usablePositions);
}

/// <summary>The lengths to sample an item at in one cell, or why it can't be.</summary>
/// <param name="Lengths">One for each candidate, in order; empty with an error.</param>
/// <param name="Error">Null when there are lengths.</param>
public sealed record LengthPlan(int[] Lengths, ItemError? Error)
{
    /// <summary>What is wrong with an item in every cell, or null.</summary>
    /// <param name="item">The item.</param>
    /// <param name="vocabulary">V.</param>
    /// <param name="usablePositions">The model's longest canvas.</param>
    /// <param name="closing">Tokens behind the slots, the fewest of all cells.</param>
    /// <param name="mayBeEmpty">Whether the model writes without a prompt.</param>
    public static ItemError? Check(SampleItem item, int vocabulary, int usablePositions, int closing = 1, bool mayBeEmpty = false)
    {
        if (item.PromptIds.Length == 0 && !mayBeEmpty) return new ItemError(ItemError.EmptySource, "The prompt has no tokens.");
        foreach (int id in item.PromptIds)
            if (id < 0 || id >= vocabulary)
                return new ItemError(ItemError.UnknownId, $"The prompt's id {id} is outside the vocabulary of {vocabulary} tokens.");
        return item.Fixed + Math.Max(1, item.Holes.Length) + closing > usablePositions ? TooLong(item, 1, usablePositions) : null;
    }

    /// <summary>The lengths of an item: its own, none behind one with holes, or its source's.</summary>
    internal static LengthPlan For(SampleItem item, LengthSource source, LengthSettings settings, float[]? predictorLogits,
        int usablePositions) =>
        (item.LengthOverride ?? (item.Holes.Length > 0 && source.NeedsPredictor ? 0 : null)) is { } own
            ? Given(item, own, usablePositions)
            : source.Plan(item, settings, predictorLogits, usablePositions);

    /// <summary>One candidate of a given length, if that fits.</summary>
    public static LengthPlan Given(SampleItem item, int length, int usablePositions) =>
        length < 0 ? Failed(ItemError.NoLength, $"The length {length} is negative.")
        : length > Longest(item, usablePositions) ? new LengthPlan([], TooLong(item, length, usablePositions))
        : new LengthPlan([length], null);

    /// <summary>No lengths, for a reason.</summary>
    public static LengthPlan Failed(string code, string message) => new([], new ItemError(code, message));

    /// <summary>The longest response that fits behind an item's prompt.</summary>
    public static int Longest(SampleItem item, int usablePositions) => usablePositions - item.PromptIds.Length - 1;

    static ItemError TooLong(SampleItem item, int length, int usablePositions) => new(ItemError.TooLong,
        $"Prompt {item.PromptIds.Length} + response {length} + 1 tokens are beyond the model's {usablePositions} positions.");
}
