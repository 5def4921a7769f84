using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>How targets are noised in training, and the loss.</summary>
public sealed record ObjectiveSettings
{
    /// <summary>The forward noising process.</summary>
    [Field("How texts are noised.")]
    [StrategyField(StrategyKind.Process)]
    public string Process { get; init; } = "absorbing";

    /// <summary>Whether the process trains on texts, not on pairs of prompt and response.</summary>
    public bool ReadsTexts => StrategyCatalog.Find(StrategyKind.Process, Process)?.Is(StrategyTraits.Texts) ?? false;

    /// <summary>
    /// The objective with the attention and the shift that hold: its own, else those of the model that it starts from, where the process
    /// takes them, else the process's first.
    /// </summary>
    /// <param name="attention">What the model was adapted with; null where it wasn't.</param>
    /// <param name="shift">Likewise.</param>
    public ObjectiveSettings Settled(AttentionKind? attention = null, bool? shift = null)
    {
        var card = StrategyCatalog.Find(StrategyKind.Process, Process);
        var kinds = card?.Setting("attention")?.Values;
        var shifts = card?.Setting("shift")?.Values;
        return this with
        {
            Attention = Attention
                ?? (attention is { } kind && kinds?.Contains(EnumText.Of(kind)) != false ? kind : EnumText.Parse<AttentionKind>(kinds?[0])
                    ?? AttentionKind.Full),
            Shift = Shift ?? (shifts is null ? shift ?? false : shifts[0] == "true"),
        };
    }

    /// <summary>Number T of discrete times.</summary>
    [Field("Number of noise levels from clean text to all masks.")]
    [Specific, Within(1, 1000000)]
    public int Timesteps { get; init; } = 50;

    /// <summary>Weight of the loss by time.</summary>
    [Field("Weight of the loss by noise level t of T, up to a common factor: `linear` 1 - (t - 1) / T, `reciprocal` 1 / t, which makes "
        + "an absorbing process's loss the likelihood bound, `none` 1, `bound` the likelihood bound of uniform noise in continuous time, "
        + "`cart` more for a masked token the more visible ones stand near it (Dream).")]
    [Specific]
    public LossWeighting Weighting { get; init; } = LossWeighting.Linear;

    /// <summary>p of the weighting `cart`; null for 0.3.</summary>
    [Field("How near visible tokens must stand to count for `cart`: 1/2 p (1 - p)^(d - 1) at distance d.", Default = "0.3")]
    [Specific]
    [OnlyWith("weighting", "cart"), Within(0.001, 0.999)]
    public double? CartP { get; init; }

    /// <summary>Whether each pair is noised at two coupled times.</summary>
    [Field("Whether each pair is noised at two noise levels at a time, which makes the gradient less noisy.")]
    [Specific]
    public bool Coupled { get; init; } = true;

    /// <summary>Whether t is one of T numbers or a real number; null for the former.</summary>
    [Field("Whether noise levels are the numbers 1 to `timesteps`, or real numbers of (0, 1].", Default = "`discrete`")]
    [Specific]
    public TimeKind? Time { get; init; }

    /// <summary>How the share of clean tokens falls with time; null for linearly.</summary>
    [Field("How the share alpha of tokens that are clean falls as t goes from 0 to 1: `linear` 1 - t; `cosine` 1 - cos(pi (1 - t) / 2); "
        + "`mdlmCosine` cos(pi t / 2) and `mdlmCosineSquared` its square, `geometric` exp(-sigma) with sigma from 0.001 to 1 and "
        + "`linearSigma` with sigma = 10 t, as MDLM has them; `improvedCosine` cos^2(pi (t + 0.008) / 2.016), `improvedCosineRoot` its "
        + "root and `sqrt` 1 - sqrt(t + 0.0001), as RDM has them.", Default = "`linear`")]
    [Specific]
    public AlphaSchedule? Schedule { get; init; }

    /// <summary>How times are drawn; null for independently.</summary>
    [Field("How noise levels are drawn: each by itself (`independent`), spread evenly over the copies of a pair (`antithetic`), or in "
        + "proportion to the loss's weight, which the weight then leaves out (`importance`).", Default = "`independent`")]
    [Specific, OnlyWith("time", "continuous")]
    public TimeDraws? Times { get; init; }

    /// <summary>How masked positions are drawn; null for independently.</summary>
    [Field("Which tokens are masked at a noise level: each by itself with that probability (`independent`), or a random set of exactly "
        + "k, k being any number up to the target's length (`exactK`).", Default = "`independent`")]
    [Specific, OnlyWith("time", "continuous")]
    public MaskDraws? Masking { get; init; }

    /// <summary>What the loss is divided by; null for each sequence's own tokens.</summary>
    [Field("What the summed loss is divided by: each pair's by its target's tokens and all by the pairs (`sequence`), by all targets' "
        + "tokens (`tokens`), by the masked ones (`masked`), or by the pairs alone (`batch`).", Default = "`sequence`")]
    [Specific]
    public LossNormalizer? Normalizer { get; init; }

    /// <summary>What noised tokens become; null for any.</summary>
    [Field("What noised tokens become: any token alike (`uniform`), or frequent ones more often (`unigram`).", Default = "`uniform`")]
    [Specific]
    public NoiseTokens? Noise { get; init; }

    /// <summary>Label smoothing, [0, 1).</summary>
    [Field("Share of the target probability that is spread over the whole vocabulary.")]
    [Within(0, 1, BelowMaximum = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>Which tokens see which; null for what the model was adapted with.</summary>
    [Field("Which tokens see which: `full` all see all; `prefix` the prompt doesn't see the response; `causal` each sees those before "
        + "it; `blockwise` each sees its own block, which ends with a line break, and those before it.",
            Default = "as in the `diffusion.json` of `model.from`, otherwise `full`; of `autoregressive` and `block` `causal`")]
    public AttentionKind? Attention { get; init; }

    /// <summary>Whether logits are for the next position; null for what the model was adapted with.</summary>
    [Field("Whether the model's output at a position is for the token after it, as in models that were trained left to right.",
        Default = "as in the `diffusion.json` of `model.from`, otherwise `false`; of `autoregressive` `true`")]
    public bool? Shift { get; init; }

    /// <summary>Steps from causal attention to <see cref="Attention"/>.</summary>
    [Field("Number of steps over which attention goes over from `causal` to the chosen kind; 0 for at once.")]
    [Within(0, 100000000)]
    public int AnnealSteps { get; init; }

    /// <summary>The share of tokens that a masked language model is trained on.</summary>
    [Field("Share of a text's tokens that are predicted: 8 in 10 of them are masked, 1 in 10 replaced, 1 in 10 left.", Default = "0.15")]
    [Specific, Within(0, 1, AboveMinimum = true)]
    public double? Ratio { get; init; }

    /// <summary>Whether words are masked whole.</summary>
    [Field("Whether all tokens of a word are predicted together.", Default = "false")]
    [Specific]
    public bool? WholeWord { get; init; }

    /// <summary>Steps U that are unrolled in training.</summary>
    [Field("Steps that are unrolled in training: the first on noised texts, each further one on tokens drawn from the step before.",
        Default = "2")]
    [Specific, Within(1, 100)]
    public int? Unroll { get; init; }

    /// <summary>Tokens of a block.</summary>
    [Field("Tokens of a block, counted from the sequence's first token; the sampler's preset `block` uses the same unless it says another.",
        Default = "4")]
    [Specific, Within(1, 1048576)]
    public int? BlockLength { get; init; }

    /// <summary>The least time of a block.</summary>
    [Field("The least noise level of a block, a probability of masking.", Default = "0.001")]
    [Specific, Within(0, 1, AboveMinimum = true)]
    public double? MinTime { get; init; }

    /// <summary>The largest time of a block.</summary>
    [Field("The largest noise level of a block; a clipped interval, such as 0.3 to 0.8, makes gradients less noisy, and the loss no "
        + "bound any more.", Default = "1")]
    [Specific, Within(0, 1, AboveMinimum = true)]
    public double? MaxTime { get; init; }

    /// <summary>sigma(t) of the score-entropy processes; null for the model's own.</summary>
    [Field("How the noise level sigma rises with the time t from 0 to 1: `loglinear` -log(1 - 0.999 t), `geometric` sigmaMin^(1-t) "
        + "sigmaMax^t.", Default = "as in the `config.json` of `model.from`, otherwise `loglinear` for `sedd-absorb` and `geometric` for "
        + "`sedd-uniform`")]
    [Specific]
    public NoiseKind? NoiseSchedule { get; init; }

    /// <summary>sigma(0) of the geometric schedule.</summary>
    [Field("Noise level at t = 0 of the schedule `geometric`.", Default = "0.0001")]
    [Specific, OnlyWith("noiseSchedule", "geometric"), Within(0, 1, AboveMinimum = true)]
    public double? SigmaMin { get; init; }

    /// <summary>sigma(1) of the geometric schedule.</summary>
    [Field("Noise level at t = 1 of the schedule `geometric`.", Default = "20")]
    [Specific, OnlyWith("noiseSchedule", "geometric"), Within(1, 100, AboveMinimum = true)]
    public double? SigmaMax { get; init; }

    /// <summary>What fields must agree on.</summary>
    public IEnumerable<Contradiction> Contradictions()
    {
        var (least, largest) = (MinTime ?? 1e-3, MaxTime ?? 1);
        if (least >= largest)
            yield return new("minTime", "maxTime",
                string.Create(CultureInfo.InvariantCulture, $"expected a minTime below maxTime {largest}, found {least}"));
    }
}

/// <summary>How the noise level sigma of continuous-time processes rises with the time.</summary>
public enum NoiseKind
{
    /// <summary>-log(1 - (1 - 0.001) t): the share of noised tokens is 0.999 t.</summary>
    Loglinear,

    /// <summary>sigmaMin^(1-t) sigmaMax^t.</summary>
    Geometric,
}

/// <summary>Weight of the loss by discrete time t of T.</summary>
public enum LossWeighting
{
    /// <summary>1 - (t - 1) / T.</summary>
    Linear,

    /// <summary>1 / t.</summary>
    Reciprocal,

    /// <summary>1.</summary>
    None,

    /// <summary>The likelihood bound of uniform noise, no weighted cross entropy.</summary>
    Bound,

    /// <summary>More for a masked token the more visible ones stand near it.</summary>
    Cart,
}

/// <summary>alpha(t), the share of tokens that are clean at time t of [0, 1].</summary>
public enum AlphaSchedule
{
    /// <summary>1 - t.</summary>
    Linear,

    /// <summary>1 - cos(pi (1 - t) / 2): the masked share of MaskGIT's schedule at s = 1 - t.</summary>
    Cosine,

    /// <summary>eps + (1 - eps) cos(pi t / 2), eps = 1e-3.</summary>
    MdlmCosine,

    /// <summary>eps + (1 - eps) cos^2(pi t / 2), eps = 1e-3.</summary>
    MdlmCosineSquared,

    /// <summary>exp(-sigma), sigma = 1e-3^(1-t).</summary>
    Geometric,

    /// <summary>exp(-10 t).</summary>
    LinearSigma,

    /// <summary>cos^2(pi (t + 0.008) / 2.016), 1 at t = 0.</summary>
    ImprovedCosine,

    /// <summary>Its square root.</summary>
    ImprovedCosineRoot,

    /// <summary>1 - sqrt(t + 1e-4), 1 at t = 0.</summary>
    Sqrt,
}

/// <summary>How continuous times are drawn.</summary>
public enum TimeDraws
{
    /// <summary>Uniformly, each by itself.</summary>
    Independent,

    /// <summary>u, u + 1/C, ... modulo 1 for the C copies of a sequence.</summary>
    Antithetic,

    /// <summary>With a density proportional to the likelihood bound's weight.</summary>
    Importance,
}

/// <summary>How the positions to mask are drawn.</summary>
public enum MaskDraws
{
    /// <summary>Each by itself.</summary>
    Independent,

    /// <summary>k of L, k uniform on 1..L.</summary>
    ExactK,
}

/// <summary>What the summed loss is divided by.</summary>
public enum LossNormalizer
{
    /// <summary>Each sequence's maskable tokens, then the number of sequences.</summary>
    Sequence,

    /// <summary>All sequences' maskable tokens.</summary>
    Tokens,

    /// <summary>All masked tokens.</summary>
    Masked,

    /// <summary>The number of sequences.</summary>
    Batch,
}

/// <summary>The multinomial process's noise.</summary>
public enum NoiseTokens
{
    /// <summary>Every token alike.</summary>
    Uniform,

    /// <summary>In proportion to the tokens' frequencies to the power 1/1.5.</summary>
    Unigram,
}

/// <summary>Which tokens see which.</summary>
public enum AttentionKind
{
    /// <summary>All see all.</summary>
    Full,

    /// <summary>The prompt sees itself; the response sees all.</summary>
    Prefix,

    /// <summary>Each token sees itself and those before it.</summary>
    Causal,

    /// <summary>A block ends with a line break; each token sees its own block and those before it.</summary>
    Blockwise,
}
