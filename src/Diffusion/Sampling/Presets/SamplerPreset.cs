using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// A named way of denoising: which predictions a step reads, and what it writes and masks again. It has no state of its own; that
/// of a response comes with its <see cref="Denoising"/>.
/// </summary>
public abstract class SamplerPreset
{
    /// <summary>The presets by name: types with a constructor that takes nothing.</summary>
    public static StrategyRegistry<SamplerPreset> Registry { get; } = new(StrategyKind.Preset, typeof(SamplerPreset).Assembly);

    /// <summary>Whether any draw enters beside those of tokens at a temperature above 0, so that candidates of one length differ.</summary>
    public virtual bool IsRandom(SamplerSettings settings) => false;

    /// <summary>Whether tokens are drawn from the prediction's softmax at the sampler's temperature, where that is above 0.</summary>
    public virtual bool DrawsTokens => true;

    /// <summary>
    /// Whether the tokens that a draw is among under <c>topP</c> hold at most that share, the likeliest apart, and not at least.
    /// </summary>
    public virtual bool NucleusStaysWithin => false;

    /// <summary>The noise level that the next step tells the network; null for networks that aren't told any.</summary>
    public virtual double? Sigma(in Denoising x) => null;

    /// <summary>Writes what a response begins with into its slots, which are masks.</summary>
    /// <param name="x">The response at step 0.</param>
    public virtual void Begin(in Denoising x)
    {
    }

    /// <summary>Slots that are open after a step.</summary>
    /// <param name="x">The response; <see cref="Denoising.Step"/> is the step that was taken.</param>
    public virtual int Open(in Denoising x) => x.Slots.Count(x.Mask);

    /// <summary>What the preset keeps of a response from step to step; null where it keeps nothing.</summary>
    /// <param name="start">The response before its first step, with the stream of step 0, whose stream 0 draws the first noise.</param>
    public virtual object? Remember(in Denoising start) => null;

    /// <summary>Whether such a model can be sampled so; a preset that masks and writes needs masks.</summary>
    public virtual bool Suits(SampledModel model) => model == SampledModel.Masks;

    /// <summary>Whether attention goes by blocks of the settings' block length from left to right, whatever the model's own is.</summary>
    public virtual bool AttendsInBlocks => false;

    /// <summary>Whether nothing can change any more though steps are left, once no slot is open.</summary>
    public abstract bool IsSettled(in Denoising x);

    /// <summary>Which predictions the next step reads.</summary>
    public abstract SlotNeed Need(in Denoising x);

    /// <summary>Takes a step from x_t to x_{t-1}.</summary>
    /// <param name="x">The response; slots and scores are changed in place.</param>
    /// <param name="predicted">(N) the current prediction of x_0, or the tokens drawn; read only where <see cref="Need"/> asked for
    /// it.</param>
    /// <param name="scores">(N) its log-probabilities, likewise.</param>
    /// <param name="buffers">Receives what was written and masked, by position.</param>
    public abstract void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers);

    /// <summary>
    /// The same sampler with every choice that has no effect at its default, so that equal behaviour means equal settings.
    /// </summary>
    public virtual SamplerSettings Canonical(SamplerSettings settings)
    {
        settings = RecordShape.Plain(settings) with { Length = null, Candidates = null };
        bool draws = settings.Temperature > 0;
        return settings with
        {
            TopK = draws && settings.TopK > 0 ? settings.TopK : null,
            TopP = draws && settings.TopP < 1 ? settings.TopP : null,
            Beam = settings.Beam > 1 ? settings.Beam : null,
            Cache = settings.Cache is CacheKind.None ? null : settings.Cache,
            Precision = settings.Precision is SamplingPrecision.Float32 ? null : settings.Precision,
            EndAtEos = settings.EndAtEos is true ? true : null,
            ForbidEos = settings.ForbidEos is true ? true : null,
            EosLast = settings.EosLast is true ? true : null,
        };
    }
}
