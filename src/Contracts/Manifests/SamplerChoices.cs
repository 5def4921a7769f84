namespace DiffusionBatch.Contracts.Manifests;

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

    /// <summary>floor(N (1 - (s / S)^2)).</summary>
    Quadratic,
}

/// <summary>What open slots are ranked by.</summary>
public enum ConfidenceRank
{
    /// <summary>The best token's probability.</summary>
    Probability,

    /// <summary>Its margin over the second best.</summary>
    Margin,

    /// <summary>The entropy of all tokens: the least first.</summary>
    Entropy,

    /// <summary>A draw.</summary>
    Random,
}

/// <summary>How the slots of a block of block diffusion are written.</summary>
public enum BlockOrder
{
    /// <summary>One a pass, drawn at random: the first-hitting sampler.</summary>
    FirstHitting,

    /// <summary>Each with the probability that ancestral sampling gives it.</summary>
    Ancestral,

    /// <summary>An equal share each step, by rank.</summary>
    Ranked,
}

/// <summary>Which keys and values are kept from pass to pass.</summary>
public enum CacheKind
{
    /// <summary>None: each pass computes the whole canvas.</summary>
    None,

    /// <summary>Those that no later token can change.</summary>
    Exact,

    /// <summary>Of what stands before a block, from the block's first pass on.</summary>
    Prefix,

    /// <summary>Of all but the block, from the block's first pass on.</summary>
    Dual,
}

/// <summary>Which slots a transition writes (DNDM).</summary>
public enum TransitionRule
{
    /// <summary>Those whose transition it is.</summary>
    Select,

    /// <summary>As many of the most certain as have had their transition; the others are masked.</summary>
    Topk,
}

/// <summary>Whether times are numbered steps or real numbers.</summary>
public enum TimeKind
{
    /// <summary>1 to T.</summary>
    Discrete,

    /// <summary>Of (0, 1].</summary>
    Continuous,
}

/// <summary>ReMDM's probability of masking a written slot again.</summary>
public enum ReMaskSchedule
{
    /// <summary>min(eta, sigma_max).</summary>
    Cap,

    /// <summary>eta sigma_max.</summary>
    Rescale,

    /// <summary>sigma_max times the softmax of minus the probabilities at writing.</summary>
    Conf,

    /// <summary>eta in the middle of three phases.</summary>
    Loop,

    /// <summary>(alpha_s - alpha_t) / alpha_t.</summary>
    ForwardBackward,
}

/// <summary>The arithmetic of the network's passes in sampling.</summary>
public enum SamplingPrecision
{
    /// <summary>IEEE single precision throughout.</summary>
    Float32,

    /// <summary>Matrix products of numbers rounded to bfloat16; all else in single precision.</summary>
    Bfloat16,
}

/// <summary>What stands behind the slots of a canvas.</summary>
public enum CanvasClosing
{
    /// <summary>The closing <c>&lt;/s&gt;</c>, which never changes.</summary>
    Eos,

    /// <summary>Nothing.</summary>
    None,
}
