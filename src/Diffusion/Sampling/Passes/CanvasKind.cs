using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling.Presets;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>What of a sampler's settings the network's prediction of a canvas depends on.</summary>
/// <param name="Closes">Whether <c>&lt;/s&gt;</c> stands behind the slots.</param>
/// <param name="Guidance">w of classifier-free guidance (Ho and Salimans 2022): logits u + (w + 1) (c - u); 0 for none.</param>
internal readonly record struct CanvasKind(bool Closes, double Guidance)
{
    /// <summary>Tokens of a block that attention goes by from left to right, whatever the model's own is; 0 for the model's own.</summary>
    public int BlockLength { get; init; }

    /// <summary>Whether the keys and values of finished blocks are kept.</summary>
    public bool KeepsBlocks { get; init; }

    /// <summary>The kind of a cell's canvases.</summary>
    public static CanvasKind Of(SamplerSettings settings, SamplerPreset preset)
    {
        int block = preset.AttendsInBlocks ? settings.BlockLength ?? 0 : 0;
        return new(settings.Closing != CanvasClosing.None, settings.Guidance ?? 0)
        {
            BlockLength = block,
            KeepsBlocks = block > 0 && settings.Cache != CacheKind.None,
            Cache = settings.Cache ?? CacheKind.None,
            Rounds = settings.Precision == SamplingPrecision.Bfloat16,
            ForbidsEos = settings.ForbidEos ?? false,
        };
    }

    /// <summary>Which keys and values a block keeps from its first pass on.</summary>
    public CacheKind Cache { get; init; }

    /// <summary>Whether the network's products are computed in bfloat16.</summary>
    public bool Rounds { get; init; }

    /// <summary>Whether <c>&lt;/s&gt;</c> is never emitted.</summary>
    public bool ForbidsEos { get; init; }

    /// <summary>Whether a block's first pass keeps keys and values for those after it.</summary>
    public bool Keeps => Cache is CacheKind.Prefix or CacheKind.Dual;

    /// <summary>
    /// The positions that are computed anew where prompts are kept: all behind the prompt; null for the whole canvas.
    /// </summary>
    /// <param name="denoiser">What computes them.</param>
    /// <param name="prompt">Tokens before the first slot.</param>
    /// <param name="tokens">Tokens in all.</param>
    public (int From, int To)? BehindPrompt(IDenoiser denoiser, int prompt, int tokens) =>
        denoiser.KeepsPrompts && BlockLength == 0 && !Keeps && prompt > 0 ? (prompt, tokens) : null;

    /// <summary>Tokens behind the slots.</summary>
    public int Closing => Closes ? 1 : 0;

    /// <summary>Passes that a prediction takes.</summary>
    public int Passes => Guidance > 0 ? 2 : 1;
}
