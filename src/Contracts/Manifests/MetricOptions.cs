using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>sacreBLEU's tokenizations, ROUGE's for all scripts, and the model's own tokens.</summary>
[LaterValues("ja-mecab", "ko-mecab", "spm", "flores101", "flores200")]
public enum BleuTokenization
{
    /// <summary>As WMT's mteval-v13a.</summary>
    [Literal("13a")]
    V13a,

    /// <summary>As mteval-v14's international tokenization.</summary>
    Intl,

    /// <summary>Each character a word.</summary>
    Char,

    /// <summary>By white space alone.</summary>
    None,

    /// <summary>Each Chinese character a word, the rest as 13a.</summary>
    Zh,

    /// <summary>Words of all scripts; for ROUGE.</summary>
    Unicode,

    /// <summary>The model's own tokens, from the predictions' <c>ids</c>; for metrics that describe texts by their tokens.</summary>
    Ids,
}

/// <summary>sacreBLEU's smoothing methods.</summary>
public enum BleuSmoothing
{
    /// <summary>Exponential decay.</summary>
    Exp,

    /// <summary>A small value in place of zero.</summary>
    Floor,

    /// <summary>A value added to the counts above unigrams.</summary>
    [Literal("add-k")]
    AddK,

    /// <summary>No smoothing.</summary>
    None,
}

/// <summary>How the items' log-likelihoods become one perplexity.</summary>
public enum PerplexityAggregation
{
    /// <summary>exp of the loss per token over all tokens.</summary>
    Tokens,

    /// <summary>exp of the mean over texts of their loss per token.</summary>
    Sequences,

    /// <summary>The mean over texts of exp of their loss per token.</summary>
    Exponentials,
}

/// <summary>Whose likelihood is measured.</summary>
public enum LikelihoodTexts
{
    /// <summary>The references'.</summary>
    References,

    /// <summary>The predictions'.</summary>
    Predictions,
}

/// <summary>How the masks of a likelihood bound are drawn.</summary>
public enum MaskEstimator
{
    /// <summary>k of L, k uniform on 1..L.</summary>
    ExactK,

    /// <summary>Each by itself, with a probability that is uniform.</summary>
    Bernoulli,
}

/// <summary>What the log-likelihoods of choices are divided by, since longer ones are less likely.</summary>
public enum ChoiceNormalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The model's tokens.</summary>
    Tokens,

    /// <summary>The bytes of the text.</summary>
    Bytes,
}

/// <summary>Over what a metric counts.</summary>
public enum CountingLevel
{
    /// <summary>All texts together.</summary>
    Corpus,

    /// <summary>Each text, averaged.</summary>
    Sequence,
}

/// <summary>How an answer is found in an output.</summary>
public enum AnswerExtraction
{
    /// <summary>As a reader finds it.</summary>
    Reader,

    /// <summary>A number behind "#### ", as lm-evaluation-harness' gsm8k finds it strictly.</summary>
    [Literal("lm-eval-strict")]
    LmEvalStrict,

    /// <summary>The last number, as lm-evaluation-harness' gsm8k finds it flexibly.</summary>
    [Literal("lm-eval-flexible")]
    LmEvalFlexible,

    /// <summary>The label behind "answer is", as lm-evaluation-harness' mmlu_pro finds it.</summary>
    [Literal("lm-eval-mmlu-pro")]
    LmEvalMmluPro,
}
