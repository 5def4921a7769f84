namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>A canvas that waits for a forward pass.</summary>
/// <param name="Item">Whose.</param>
/// <param name="Canvas">Which.</param>
/// <param name="Since">How many batches had been taken when it came.</param>
internal sealed record PendingPass(ItemRun Item, Canvas Canvas, long Since)
{
    /// <summary>Tokens: prompt, slots and what closes them.</summary>
    public int Length { get; } = Item.Item.Fixed + Canvas.Slots.Length + Canvas.Kind.Closing;
}
