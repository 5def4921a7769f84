using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Scores;

namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>A response on its way, as a step sees it.</summary>
/// <param name="settings">The sampler's choices.</param>
/// <param name="slots">(N) x_t: tokens, the mask where a slot is open.</param>
/// <param name="writtenScores">(N) the log-probability at which each token was written, -inf where open.</param>
/// <param name="step">s, the step to be taken, from 1.</param>
/// <param name="open">Slots that are open.</param>
/// <param name="mask">M.</param>
/// <param name="draws">The step's random stream; stream 0 of it draws tokens.</param>
public readonly ref struct Denoising(SamplerSettings settings, Span<int> slots, Span<float> writtenScores, int step, int open, int mask,
    CounterRandom draws)
{
    /// <summary>The sampler's choices.</summary>
    public SamplerSettings Settings { get; } = settings;

    /// <summary>(N) x_t: tokens, the mask where a slot is open.</summary>
    public Span<int> Slots { get; } = slots;

    /// <summary>(N) the log-probability at which each token was written, -inf where open.</summary>
    public Span<float> WrittenScores { get; } = writtenScores;

    /// <summary>s, the step to be taken, from 1.</summary>
    public int Step { get; } = step;

    /// <summary>Slots that are open.</summary>
    public int Open { get; } = open;

    /// <summary>M.</summary>
    public int Mask { get; } = mask;

    /// <summary>The step's random stream; stream 0 of it draws tokens.</summary>
    public CounterRandom Draws { get; } = draws;

    /// <summary>What the preset keeps of this response from step to step (<c>SamplerPreset.Remember</c>).</summary>
    public object? Memory { get; init; }

    /// <summary>V.</summary>
    public int Vocabulary { get; init; }

    internal SampleItem? Item { get; init; }

    /// <summary>Where a slot stands in the canvas, counted from the prompt's first token.</summary>
    public int PositionOf(int slot) => Item?.PositionOf(slot) ?? slot;

    /// <summary>The process of a network that gives scores: rows are then log s, M's column included; null for others.</summary>
    public ScoreDiffusion? Diffusion { get; init; }

    /// <summary>Tokens of prompt and slots, places to fill in between included.</summary>
    public int Canvas => (Item?.Fixed ?? 0) + Slots.Length;

    /// <summary>The noise that open slots show in place of the mask; null where they show the mask.</summary>
    public MultinomialNoise? Noise { get; init; }

    /// <summary>
    /// (N) what the network sees of each slot: its token, or noise where it is open; empty without <see cref="Noise"/>. Written slots
    /// follow by themselves.
    /// </summary>
    public Span<int> Shown { get; init; }

    /// <summary>The id of <c>&lt;/s&gt;</c>; -1 for none.</summary>
    public int Eos { get; init; } = -1;

    internal Func<int, (ReadOnlyMemory<float> Logits, float LogNormalizer)>? Rows { get; init; }

    /// <summary>
    /// The logits of a slot, and the log of the sum of their exponentials, where <see cref="SlotNeed.Statistics"/> asked for rows.
    /// </summary>
    public (ReadOnlyMemory<float> Logits, float LogNormalizer) RowOf(int slot) => Rows!(slot);

    /// <summary>(N) p1 - p2, where <see cref="SlotNeed.Statistics"/> asked for statistics.</summary>
    public ReadOnlySpan<float> Margins { get; init; }

    /// <summary>(N) the predictions' entropies in nats, likewise.</summary>
    public ReadOnlySpan<float> Entropies { get; init; }
}
