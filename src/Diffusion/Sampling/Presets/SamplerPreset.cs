using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// A named way of denoising: which predictions a step reads, and what it writes and masks again. It has no state of its own; that
/// of a response is in its <see cref="Denoising"/>.
/// </summary>
public abstract class SamplerPreset
{
    /// <summary>The presets by name: types with a constructor that takes nothing.</summary>
    public static StrategyRegistry<SamplerPreset> Registry { get; } = new(StrategyKind.Preset, typeof(SamplerPreset).Assembly);

    /// <summary>Whether any draw enters beside those of tokens at a temperature above 0, so that candidates of one length differ.</summary>
    public virtual bool IsRandom(SamplerSettings settings) => false;

    /// <summary>Whether nothing can change any more though steps are left, once no slot is open.</summary>
    public abstract bool IsSettled(in Denoising x);

    /// <summary>Which predictions the next step reads.</summary>
    public abstract SlotNeed Need(in Denoising x);

    /// <summary>Takes a step from x_t to x_{t-1}.</summary>
    /// <param name="x">The response; slots and scores are changed in place.</param>
    /// <param name="predicted">(N) the current prediction of x_0, or the tokens drawn; read only where <see cref="Need"/> asked for it.</param>
    /// <param name="scores">(N) its log-probabilities, likewise.</param>
    /// <param name="buffers">Receives what was written and masked, by position.</param>
    public abstract void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers);

    /// <summary>The same sampler with every choice that has no effect at its default, so that equal behaviour means equal settings.</summary>
    public virtual SamplerSettings Canonical(SamplerSettings settings) => RecordShape.Plain(settings) with { Length = null };
}

/// <summary>A response on its way, as a step sees it.</summary>
/// <param name="settings">The sampler's choices.</param>
/// <param name="slots">(N) x_t: tokens, the mask where a slot is open.</param>
/// <param name="writtenScores">(N) the log-probability at which each token was written, -inf where open.</param>
/// <param name="step">s, the step to be taken, from 1.</param>
/// <param name="open">Slots that are open.</param>
/// <param name="mask">M.</param>
/// <param name="draws">The step's random stream; stream 0 of it draws tokens.</param>
public readonly ref struct Denoising(SamplerSettings settings, Span<int> slots, Span<float> writtenScores, int step, int open, int mask, CounterRandom draws)
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
}
