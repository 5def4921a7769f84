using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>How targets are noised in training, and the loss.</summary>
[LaterField("ratio", "it belongs to the process \"mlm\"; the process is \"absorbing\"", ExplainedBy = "process")]
[LaterField("wholeWord", "it belongs to the process \"mlm\"; the process is \"absorbing\"", ExplainedBy = "process")]
public sealed record ObjectiveSettings
{
    /// <summary>The forward noising process.</summary>
    [Field("How texts are noised: `absorbing` replaces tokens by the mask token.")]
    public NoiseProcess Process { get; init; } = NoiseProcess.Absorbing;

    /// <summary>Number T of discrete times.</summary>
    [Field("Number of noise levels from clean text to all masks.")]
    [Within(1, 1000000)]
    public int Timesteps { get; init; } = 50;

    /// <summary>Weight of the loss by time.</summary>
    [Field("Weight of the loss by noise level t of T, up to a common factor: `linear` 1 - (t - 1) / T, `reciprocal` 1 / t, `none` 1.")]
    public LossWeighting Weighting { get; init; } = LossWeighting.Linear;

    /// <summary>Whether each pair is noised at two coupled times.</summary>
    [Field("Whether each pair is noised at two noise levels at a time, which makes the gradient less noisy.")]
    public bool Coupled { get; init; } = true;

    /// <summary>Label smoothing, [0, 1).</summary>
    [Field("Share of the target probability that is spread over the whole vocabulary.")]
    [Within(0, 1, BelowMaximum = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>Which tokens see which.</summary>
    [Field("Which tokens see which: `full` all see all; `prefix` the prompt doesn't see the response; `causal` each sees those before it; `blockwise` each sees its own block, which ends with a line break, and those before it.")]
    public AttentionKind Attention { get; init; } = AttentionKind.Full;
}
