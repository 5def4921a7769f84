using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>The sampler's choices for one cell; manifests give a <see cref="Sweep{T}"/> of them. Two equal records sample alike.</summary>
public sealed record SamplerSettings
{
    /// <summary>The named strategy.</summary>
    [Field("The strategy.")]
    [StrategyField(StrategyKind.Preset)]
    public string Preset { get; init; } = "rdm";

    /// <summary>Denoising steps S.</summary>
    [Field("Number of denoising steps: fewer are faster, more are usually better.")]
    [Within(1, 1000000)]
    public int Steps { get; init; } = 50;

    /// <summary>Whether written positions may be masked again.</summary>
    [Field("Which positions a step masks again: `uncond` the least certain of all; `cond` only of those that were still masked, so that "
        + "what is written stays.")]
    [Specific]
    public ReMaskRule ReMask { get; init; } = ReMaskRule.Uncond;

    /// <summary>How positions are ranked.</summary>
    [Field("How positions are ranked by certainty: `deterministic` as they are; `stochastic` with noise added.")]
    [Specific]
    public RankingOrder Order { get; init; } = RankingOrder.Deterministic;

    /// <summary>Strength of the ranking's noise; for <see cref="RankingOrder.Stochastic"/>.</summary>
    [Field("Strength of the noise of the order `stochastic`.")]
    [Specific, OnlyWith("order", "stochastic"), Within(0, 1000)]
    public double Noise { get; init; } = 1.0;

    /// <summary>How many slots stay masked after each step.</summary>
    [Field("How many positions stay masked after each step: `cosine` starts slowly, `linear` fills equally many each step, `quadratic` "
        + "starts more slowly still.")]
    [Specific]
    public MaskSchedule Schedule { get; init; } = MaskSchedule.Cosine;

    /// <summary>What positions are ranked by; null for probability, and entropy in entropy-bound.</summary>
    [Field("What open positions are ranked by: the best token's `probability`, its `margin` over the second, the `entropy` of all tokens "
        + "(the least first), or at `random`.", Default = "`probability`; of `entropy-bound` `entropy`")]
    [Specific]
    public ConfidenceRank? Rank { get; init; }

    /// <summary>Slots of a block; null or 0 for the whole response.</summary>
    [Field("Blocks of so many positions are filled one after another, from left to right; 0: the whole response is one block.",
        Default = "0")]
    [Specific, Within(0, 1048576)]
    public int? BlockLength { get; init; }

    /// <summary>The probability from which a token is accepted.</summary>
    [Field("Probability from which a token is written.", Default = "0.9")]
    [Specific, Within(0, 1)]
    public double? Threshold { get; init; }

    /// <summary>f: the n best tokens are accepted while 1 - p(n) is at most f / (n + 1).</summary>
    [Field("The n best tokens are written for the largest n at which 1 - p(n) is at most this by n + 1.", Default = "1")]
    [Specific, Within(0, 1000)]
    public double? Factor { get; init; }

    /// <summary>gamma: the bound of accepted tokens' summed entropies, without the largest.</summary>
    [Field("Tokens are written while the sum of their positions' entropies without the largest, in nats, is at most this.",
        Default = "0.1")]
    [Specific, Within(0, 1000)]
    public double? EntropyBound { get; init; }

    /// <summary>w of classifier-free guidance.</summary>
    [Field("Classifier-free guidance w: logits u + (w + 1) (c - u), u those of the same canvas with the prompt masked, which is a second "
        + "pass; 0: none.", Default = "0")]
    [Specific, Within(0, 1000)]
    public double? Guidance { get; init; }

    /// <summary>The divergence from the pass before below which a prediction counts as stable.</summary>
    [Field("Kullback-Leibler divergence from the pass before, in nats, below which a position's prediction counts as stable.",
        Default = "0.01")]
    [Specific, Within(0, 1000)]
    public double? StableKl { get; init; }

    /// <summary>Passes in a row that a prediction must have been stable in.</summary>
    [Field("Passes in a row in which a prediction must have been stable before it is written.", Default = "2")]
    [Specific, Within(1, 1000)]
    public int? StableSteps { get; init; }

    /// <summary>The time of the last step.</summary>
    [Field("The time that steps end at; they begin at 1.", Default = "0.001; of `sedd-euler` and `sedd-tweedie` 0.00001")]
    [Specific, Within(0, 1, BelowMaximum = true)]
    public double? Eps { get; init; }

    /// <summary>How the slots of a block are written.</summary>
    [Field("How the positions of a block are written: `firstHitting` one a pass, drawn at random, whatever `steps` says; `ancestral` in "
        + "each of the block's steps every position with an equal chance, and all in the last; `ranked` in each step an equal share, in "
        + "the order of `rank`.", Default = "`firstHitting`")]
    [Specific]
    public BlockOrder? Within { get; init; }

    /// <summary>Share of positions that take over their proposal.</summary>
    [Field("Share of the positions, drawn at random, that take over a step's proposals; the others keep their tokens.", Default = "1")]
    [Specific, Within(0, 1, AboveMinimum = true)]
    public double? UpdateProportion { get; init; }

    /// <summary>Steps that are taken at least.</summary>
    [Field("Number of steps after which a response that a step leaves as it is counts as finished.", Default = "0")]
    [Specific, Within(0, 1000000)]
    public int? MinSteps { get; init; }

    /// <summary>Which slots a transition of DNDM writes; null for those whose time has come.</summary>
    [Field("Which positions are written when some have their transition: those themselves (`select`), or as many of the most certain, "
        + "the others being masked again (`topk`).", Default = "`select`")]
    [Specific]
    public TransitionRule? Transition { get; init; }

    /// <summary>Whether transition times are steps or real numbers; null for steps.</summary>
    [Field("Whether transition times are the numbers of `steps`, at which several positions may go together, or real numbers, one "
        + "position a pass, whatever `steps` says.", Default = "`discrete`")]
    [Specific]
    public TimeKind? Time { get; init; }

    /// <summary>a of the transition times' law Beta(a, b), by which tau = T Beta.</summary>
    [Field("First parameter of the beta distribution of transition times: with 1 and 1 they are uniform; larger than `betaB`, most come "
        + "early in sampling.", Default = "1")]
    [Specific, Within(1, 1000)]
    public int? BetaA { get; init; }

    /// <summary>b of the same.</summary>
    [Field("Second parameter of the beta distribution of transition times.", Default = "1")]
    [Specific, Within(1, 1000)]
    public int? BetaB { get; init; }

    /// <summary>ReMDM's remasking schedule; null for cap.</summary>
    [Field("The probability sigma at which a step masks a written position again, sigma_max being the largest that keeps the marginals: "
        + "`cap` min(`eta`, sigma_max); `rescale` `eta` sigma_max; `conf` sigma_max shared out by how improbable each token was when "
        + "written; `loop` `eta` between the times `tOn` and `tOff`, at a constant share `alphaOn` of written positions, and 0 before "
        + "and behind; `forwardBackward` what undoes and repeats a step.", Default = "`cap`")]
    [Specific]
    public ReMaskSchedule? Sigma { get; init; }

    /// <summary>eta, the scale of that probability.</summary>
    [Field("Scale of the probability at which written positions are masked again.", Default = "0.02")]
    [Specific, Within(0, 1)]
    public double? Eta { get; init; }

    /// <summary>The time, falling from 1 to 0, at which remasking begins.</summary>
    [Field("The time, falling from 1 to 0, at which `loop` begins to mask again.", Default = "0.55")]
    [Specific, OnlyWith("sigma", "loop"), Within(0, 1, BelowMaximum = true)]
    public double? TOn { get; init; }

    /// <summary>The time at which it ends.</summary>
    [Field("The time at which `loop` ends it.", Default = "0.05")]
    [Specific, OnlyWith("sigma", "loop"), Within(0, 1, AboveMinimum = true)]
    public double? TOff { get; init; }

    /// <summary>The share of slots that are written between the two.</summary>
    [Field("The share of positions that are written between the two.", Default = "0.9")]
    [Specific, OnlyWith("sigma", "loop"), Within(0, 1, AboveMinimum = true, BelowMaximum = true)]
    public double? AlphaOn { get; init; }

    /// <summary>What stands behind the slots; null for what the model's diffusion.json says.</summary>
    [Field("What stands behind a response while it is written: `eos` the closing token, `none` nothing.",
        Default = "as in the model's `diffusion.json`, otherwise `eos`")]
    public CanvasClosing? Closing { get; init; }

    /// <summary>Temperature of token choice; 0 takes the likeliest.</summary>
    [Field("Temperature at which tokens are drawn; 0 takes the likeliest token.")]
    [Within(0, 1000)]
    public double Temperature { get; init; } = 0.0;

    /// <summary>Tokens that a draw is among; null or 0 for all.</summary>
    [Field("At a temperature above 0 a token is drawn among so many of the likeliest; 0: among all.", Default = "0")]
    [Specific, Within(0, 16777216)]
    public int? TopK { get; init; }

    /// <summary>The probability that the tokens hold which a draw is among; null or 1 for all.</summary>
    [Field("At a temperature above 0 a token is drawn among the fewest of the likeliest whose probabilities sum to at least this; 1: "
        + "among all.", Default = "1")]
    [Specific, Within(0, 1, AboveMinimum = true)]
    public double? TopP { get; init; }

    /// <summary>Hypotheses that are kept; null or 1 for the likeliest token each time.</summary>
    [Field("Beam search: so many of the likeliest beginnings are followed, and the response with the best score is kept; more than 1 "
        + "only at temperature 0.", Default = "1")]
    [Specific, Within(1, 1024)]
    public int? Beam { get; init; }

    /// <summary>Which keys and values are kept from pass to pass; null for the preset's own.</summary>
    [Field("Keys and values of attention that are kept from pass to pass: `none`; `exact` those that can't change, with the same "
        + "results; of a block, from its first pass on, `prefix` what stands before it, `dual` all but the block itself. `prefix` and "
        + "`dual` are approximations where attention sees what comes later.",
            Default = "`exact` where the preset has it, otherwise `none`")]
    [Specific]
    public CacheKind? Cache { get; init; }

    /// <summary>The arithmetic of the network's passes; null for float32.</summary>
    [Field("Arithmetic of the network's passes: `float32`, or `bfloat16`, matrix products of rounded numbers, faster where the machine "
        + "has instructions for it and slower where it hasn't; an approximation.", Default = "`float32`")]
    public SamplingPrecision? Precision { get; init; }

    /// <summary>Responses of which the best is kept; null for one.</summary>
    [Field("Number of responses that are sampled of each item and length, each with draws of its own; the one with the best score is kept.",
        Default = "1")]
    [Within(1, 1024)]
    public int? Candidates { get; init; }

    /// <summary>Whether a response ends with its first closing token, once all before it is written.</summary>
    [Field("Whether a response is finished once its first closing token and all before it are written: what stands behind is filled with "
        + "closing tokens, without a pass. The text is the same; `ids`, `score` (the mean over what passes wrote) and `nfe` aren't.",
            Default = "false")]
    [Specific]
    public bool? EndAtEos { get; init; }

    /// <summary>Whether the closing token is never chosen.</summary>
    [Field("Whether the closing token is never chosen, so that no response ends early.", Default = "false")]
    [Specific]
    public bool? ForbidEos { get; init; }

    /// <summary>Whether closing tokens are written last.</summary>
    [Field("Whether a position whose likeliest token is the closing one is written last in its block: closing tokens count nothing in "
        + "the ranking.", Default = "false")]
    [Specific]
    public bool? EosLast { get; init; }

    /// <summary>A second closing token.</summary>
    [Field("The id of a second closing token for `eosLast`, such as the one that ends a turn of a chat.", Default = "none")]
    [Specific, OnlyWith("eosLast", "true"), Within(0, 16777215)]
    public int? EndOfTurn { get; init; }

    /// <summary>What of the sampler is an approximation that may change results, in words; null for nothing.</summary>
    public string? Approximation
    {
        get
        {
            string? cache = Cache switch
            {
                CacheKind.Prefix => "cache prefix: within a block, the keys and values of what stands before it are those of the block's "
                    + "first pass",
                CacheKind.Dual => "cache dual: within a block, the keys and values of all but the block are those of its first pass",
                _ => null,
            };
            string? rounded = Precision == SamplingPrecision.Bfloat16
                ? "precision bfloat16: matrix products are those of rounded numbers"
                : null;
            string? atOnce = WritesAtOnce
                ? $"{Preset}: tokens that are probable enough are written in one pass, as if none depended on another"
                : null;
            string[] all = [.. new[] { cache, atOnce, rounded }.OfType<string>()];
            return all.Length == 0 ? null : string.Join("; ", all);
        }
    }

    /// <summary>The same sampler without its approximations: what <see cref="SampleManifest.Verify"/> compares with.</summary>
    public SamplerSettings Exact() => this with
    {
        Cache = Cache is CacheKind.Prefix or CacheKind.Dual ? CacheKind.None : Cache,
        Precision = null,
        Threshold = WritesAtOnce ? 1 : Threshold, // what is certain depends on nothing
        Factor = WritesAtOnce ? 0 : Factor,
    };

    bool WritesAtOnce => StrategyCatalog.Find(StrategyKind.Preset, Preset)?.Is(StrategyTraits.AtOnce) ?? false;

    /// <summary>Where lengths come from; null for predicted with beam 1.</summary>
    [Field("Where a response's number of tokens comes from. A line's own `length` comes first, whatever stands here.",
        Default = "`predicted` with beam 1, which needs a model that was trained with a length predictor")]
    public LengthSettings? Length { get; init; }
}

/// <summary>Where responses' lengths come from, and how many of them are tried. A line's own length comes before all of it.</summary>
public sealed record LengthSettings
{
    /// <summary>The source of lengths.</summary>
    [Field("The source.")]
    [StrategyField(StrategyKind.Length)]
    public string Source { get; init; } = "predicted";

    /// <summary>Tokens of each response; for `fixed`.</summary>
    [Field("Number of tokens of each response.", Default = "none")]
    [Specific, Within(1, 1048576)]
    public int? Value { get; init; }

    /// <summary>Number of predicted lengths that are tried; for `predicted`.</summary>
    [Field("Number of likeliest lengths that are tried; the response with the best score is kept.")]
    [Specific, Within(1, 1024)]
    public int Beam { get; init; } = 1;
}
