using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>A canvas to predict: prompt, slots and what closes them.</summary>
/// <param name="Prompt">(P) ids as they stand, holes included.</param>
/// <param name="Slots">(N) tokens, the mask where a slot is open.</param>
/// <param name="Rows">(R) the slots whose prediction is wanted, ascending.</param>
/// <param name="Kind">What closes the slots, and guidance.</param>
/// <param name="WantsLogits">Whether whole rows of logits are wanted, not their argmax alone.</param>
internal sealed record CanvasRequest(int[] Prompt, int[] Slots, int[] Rows, CanvasKind Kind, bool WantsLogits)
{
    /// <summary>The positions within the prompt that are the first slots; the others stand behind it.</summary>
    public int[] Holes { get; init; } = [];

    /// <summary>
    /// Where the keys and values of what stands before are kept, the positions that are computed anew, the first and the one behind the
    /// last: the block that is being written, where finished blocks are kept, or all behind the prompt. Null for the whole canvas.
    /// </summary>
    public (int From, int To)? Current { get; init; }

    /// <summary>The noise level that the network is told, where scores are wanted; null where x_0 is to be predicted.</summary>
    public double? Sigma { get; init; }

    /// <summary>
    /// The keys and values of an earlier pass over the whole canvas, of which positions are computed anew; null to compute all.
    /// </summary>
    public IKeptKeys? Origin { get; init; }

    /// <summary>With an <see cref="Origin"/>, the block: its first slot, and the one behind its last.</summary>
    public (int From, int To) Block { get; init; }

    /// <summary>With an <see cref="Origin"/>, the positions that are computed anew: of the block, or from it to the end.</summary>
    public (int From, int To) Run => (PositionOf(Block.From), Kind.Cache == CacheKind.Dual ? PositionOf(Block.To - 1) + 1 : Length);

    /// <summary>Prompt and slots, and what closes them.</summary>
    public int Length => Prompt.Length - Holes.Length + Slots.Length + Kind.Closing;

    /// <summary>Tokens before the first slot.</summary>
    public int Prefix => Holes.Length > 0 ? Holes[0] : Prompt.Length;

    /// <summary>The canvas's tokens. // (Length)</summary>
    /// <param name="eos">What closes them.</param>
    public int[] Tokens(int eos)
    {
        int[] canvas = new int[Length];
        Prompt.CopyTo(canvas, 0);
        for (int slot = 0; slot < Slots.Length; slot++) canvas[PositionOf(slot)] = Slots[slot];
        if (Kind.Closes) canvas[^1] = eos;
        return canvas;
    }

    /// <summary>Where a slot stands in the canvas.</summary>
    public int PositionOf(int slot) => slot < Holes.Length ? Holes[slot] : Prompt.Length + slot - Holes.Length;
}

/// <summary>The keys and values of one pass over a whole canvas.</summary>
internal interface IKeptKeys : IDisposable;
