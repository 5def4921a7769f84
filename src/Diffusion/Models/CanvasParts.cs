namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// Where the prompts of a padded batch of canvases end and where their responses do: what an encoder-decoder splits them by.
/// </summary>
/// <param name="Lengths">Tokens of each canvas, prompt and response. // (B)</param>
/// <param name="PromptLengths">Tokens of each prompt, at the canvas's beginning. // (B)</param>
public sealed record CanvasParts(IReadOnlyList<int> Lengths, IReadOnlyList<int> PromptLengths)
{
    /// <summary>The columns that an encoder-decoder computes each part in; null: as many as the longest needs.</summary>
    public CanvasShape? Shape { get; init; }

    /// <summary>sigma, the noise level that each canvas is said to have, for networks that are told; null: 0, clean text. // (B)</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Canvases that are prompts alone.</summary>
    public static CanvasParts PromptsOnly(IReadOnlyList<int> lengths) => new(lengths, lengths);
}
