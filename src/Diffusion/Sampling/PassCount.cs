namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>The forward passes of one candidate.</summary>
/// <param name="Prompt">Tokens of its prompt.</param>
/// <param name="Canvas">Tokens of its canvas: prompt, slots and what closes them.</param>
/// <param name="Slots">N, its slots.</param>
/// <param name="Count">Passes that its trajectory needs.</param>
public readonly record struct PassCount(int Prompt, int Canvas, int Slots, int Count)
{
    /// <summary>
    /// Passes over the whole canvas to which they amount, where keys and values were kept and a pass computes some positions; null for as
    /// many as they are.
    /// </summary>
    public double? Work { get; init; }
}
