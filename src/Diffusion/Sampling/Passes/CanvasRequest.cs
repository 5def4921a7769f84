namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>A canvas to predict: prompt, slots and what closes them.</summary>
/// <param name="Prompt">(P) ids as they stand.</param>
/// <param name="Slots">(N) tokens, the mask where a slot is open.</param>
/// <param name="Rows">(R) the slots whose prediction is wanted, ascending.</param>
/// <param name="Kind">What closes the slots, and guidance.</param>
/// <param name="WantsLogits">Whether whole rows of logits are wanted, not their argmax alone.</param>
internal sealed record CanvasRequest(int[] Prompt, int[] Slots, int[] Rows, CanvasKind Kind, bool WantsLogits)
{
    /// <summary>P + N tokens, and one that closes them.</summary>
    public int Length => Prompt.Length + Slots.Length + Kind.Closing;
}
