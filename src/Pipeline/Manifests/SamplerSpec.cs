using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The sampler's settings as the manifest gives them; <see cref="Cells.SweepPlan"/> makes the cells.</summary>
public sealed record SamplerSpec
{
    /// <summary>The named strategy.</summary>
    [Field("The strategy: `rdm` fills the most certain positions first, in parallel; `left-to-right` fills the leftmost open position each step.")]
    public OneOrMany<SamplerPreset> Preset { get; init; } = SamplerPreset.Rdm;

    /// <summary>Denoising steps S.</summary>
    [Field("Number of denoising steps: fewer are faster, more are usually better.")]
    [Within(1, 1000000)]
    public OneOrMany<int> Steps { get; init; } = 50;

    /// <summary>Whether written positions may be masked again.</summary>
    [Field("Which positions a step masks again: `uncond` the least certain of all; `cond` only of those that were still masked, so that what is written stays.")]
    public OneOrMany<ReMaskRule> ReMask { get; init; } = ReMaskRule.Uncond;

    /// <summary>How positions are ranked.</summary>
    [Field("How positions are ranked by certainty: `deterministic` as they are; `stochastic` with noise added.")]
    public OneOrMany<RankingOrder> Order { get; init; } = RankingOrder.Deterministic;

    /// <summary>Strength of the ranking's noise; for <see cref="RankingOrder.Stochastic"/>.</summary>
    [Field("Strength of the noise of the order `stochastic`; given only with it.")]
    [Within(0, 1000)]
    public OneOrMany<double> Noise { get; init; } = 1.0;

    /// <summary>How many slots stay masked after each step.</summary>
    [Field("How many positions stay masked after each step: `cosine` starts slowly, `linear` fills equally many each step.")]
    public OneOrMany<MaskSchedule> Schedule { get; init; } = MaskSchedule.Cosine;

    /// <summary>Temperature of token choice; 0 takes the likeliest.</summary>
    [Field("Temperature at which tokens are drawn; 0 takes the likeliest token.")]
    [Within(0, 1000)]
    public OneOrMany<double> Temperature { get; init; } = 0.0;

    /// <summary>Where lengths come from; null for predicted with beam 1.</summary>
    [Field("Where a response's number of tokens comes from. A line's own `length` comes first, whatever stands here.", Default = "`predicted` with beam 1, which needs a model that was trained with a length predictor")]
    public LengthSpec? Length { get; init; }
}

/// <summary>Named sampling strategies.</summary>
public enum SamplerPreset
{
    /// <summary>Reparameterized discrete diffusion: the most certain positions first.</summary>
    Rdm,

    /// <summary>The leftmost open position each step.</summary>
    [Literal("left-to-right")]
    LeftToRight,
}

/// <summary>Which positions a step may mask again.</summary>
public enum ReMaskRule
{
    /// <summary>Any: the least certain of all.</summary>
    Uncond,

    /// <summary>Only those that were masked before the step.</summary>
    Cond,
}

/// <summary>How positions are ranked by score.</summary>
public enum RankingOrder
{
    /// <summary>By the score itself.</summary>
    Deterministic,

    /// <summary>By the score with Gumbel noise that fades over the steps.</summary>
    Stochastic,
}

/// <summary>How many of N slots stay masked after step s of S.</summary>
public enum MaskSchedule
{
    /// <summary>floor(N cos(pi s / 2S)).</summary>
    Cosine,

    /// <summary>floor(N (S - s) / S).</summary>
    Linear,
}
