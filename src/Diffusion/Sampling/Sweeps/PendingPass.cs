using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>A canvas that waits for a forward pass.</summary>
/// <param name="Prompt">Whose.</param>
/// <param name="Canvas">Which.</param>
/// <param name="Since">How many batches had been taken when it came.</param>
internal sealed record PendingPass(SharedPrompt Prompt, Canvas Canvas, long Since)
{
    /// <summary>Tokens: prompt, slots and what closes them.</summary>
    public int Length { get; } = Prompt.Item.Fixed + Canvas.Slots.Length + Canvas.Kind.Closing;

    /// <summary>Tokens that the pass computes.</summary>
    public int Computed { get; } = Canvas.Computed(Prompt.Item);

    /// <summary>What it has in common with those that it can share a batch with.</summary>
    /// <param name="denoiser">What computes it.</param>
    /// <param name="mask">M.</param>
    public PassShape Shape(IDenoiser denoiser, int mask)
    {
        var current = Canvas.Current(Prompt.Item, mask, denoiser);
        return new(denoiser.ShapeOf(Prompt.Item.Prefix, Length, current), Canvas.Origin is null ? 0 : CanvasShape.Padded(Computed),
            Canvas.Kind.Keeps, Canvas.Kind.BlockLength, current is not null, Canvas.Kind.Rounds);
    }
}

/// <summary>The shape of a pass.</summary>
/// <param name="Canvas">That of the whole canvas.</param>
/// <param name="Run">Columns that are computed; 0 for all.</param>
/// <param name="Keeps">Whether keys and values are kept, or come from an earlier pass.</param>
/// <param name="BlockLength">Tokens of a block that attention goes by; 0 for the model's own.</param>
/// <param name="GoesOn">Whether those of finished blocks, or of the prompt, come from an earlier pass.</param>
/// <param name="Rounds">Whether products are computed in bfloat16.</param>
internal readonly record struct PassShape(CanvasShape Canvas, int Run, bool Keeps, int BlockLength, bool GoesOn, bool Rounds)
{
    /// <summary>Columns that count against a batch's budget.</summary>
    public int Columns => Canvas.Columns;
}
