using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>A canvas that waits for a forward pass.</summary>
/// <param name="Item">Whose.</param>
/// <param name="Canvas">Which.</param>
/// <param name="Since">How many batches had been taken when it came.</param>
internal sealed record PendingPass(ItemRun Item, Canvas Canvas, long Since)
{
    /// <summary>Tokens: prompt, slots and what closes them.</summary>
    public int Length { get; } = Item.Item.Fixed + Canvas.Slots.Length + Canvas.Kind.Closing;

    /// <summary>Tokens that the pass computes.</summary>
    public int Computed { get; } = Canvas.Computed(Item.Item);

    /// <summary>What it has in common with those that it can share a batch with.</summary>
    /// <param name="shapeOf">The shape of a canvas of so many prompt tokens and so many tokens in all.</param>
    public PassShape Shape(Func<int, int, CanvasShape> shapeOf) =>
        new(shapeOf(Item.Item.Prefix, Length), Canvas.Origin is null ? 0 : CanvasShape.Padded(Computed), Canvas.Kind.Keeps);
}

/// <summary>The shape of a pass.</summary>
/// <param name="Canvas">That of the whole canvas.</param>
/// <param name="Run">Columns that are computed; 0 for all.</param>
/// <param name="Keeps">Whether keys and values are kept, or come from an earlier pass.</param>
internal readonly record struct PassShape(CanvasShape Canvas, int Run, bool Keeps)
{
    /// <summary>Columns that count against a batch's budget.</summary>
    public int Columns => Canvas.Columns;
}
