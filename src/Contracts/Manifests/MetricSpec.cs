using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>A metric with its options; a string in the manifest is a metric with none.</summary>
[Shorthand("name")]
public sealed record MetricSpec
{
    /// <summary>The metric.</summary>
    [Field("The metric.")]
    [StrategyField(StrategyKind.Metric)]
    public required string Name { get; init; }

    /// <summary>The label in reports; null for the metric's name.</summary>
    [Field("The metric's label in reports, so that one metric can stand there twice with different options.",
        Default = "the metric's name")]
    [Pattern(Patterns.Label, Patterns.LabelWords)]
    public string? As { get; init; }

    /// <summary>
    /// BLEU, lengthRatio, ROUGE, distinct1, distinct2, entropy, repetition: the tokenization; null for 13a, and for ROUGE for
    /// rouge_score's.
    /// </summary>
    [Field("How texts are split into words, by sacreBLEU's names. Metrics of the predictions alone also take `ids`, the model's tokens "
        + "from the predictions' `ids`; ROUGE takes `unicode` alone, for words of all scripts, each ideograph and kana a word.",
            Default = "`13a`; of ROUGE runs of `a-z` and `0-9`, as in rouge_score")]
    [Specific]
    public BleuTokenization? Tokenize { get; init; }

    /// <summary>BLEU: the smoothing of zero counts; null for exp.</summary>
    [Field("How zero counts are smoothed.", Default = "`exp`")]
    [Specific]
    public BleuSmoothing? SmoothMethod { get; init; }

    /// <summary>BLEU: the value of `floor` and `add-k`; null for sacreBLEU's (0.1 and 1).</summary>
    [Field("The value that `floor` and `add-k` use.", Default = "0.1 with `floor`, 1 with `add-k`")]
    [Specific]
    [OnlyWith("smoothMethod", "floor", "add-k"), Within(0, 1000)]
    public double? SmoothValue { get; init; }

    /// <summary>bleu, chrf, chrf++, exactMatch, editDistance, distinct1, distinct2, entropy, repetition: whether case is ignored.</summary>
    [Field("Whether case is ignored.", Default = "false")]
    [Specific]
    public bool? Lowercase { get; init; }

    /// <summary>BLEU: whether n-gram orders that a text is too short for are left out.</summary>
    [Field("Whether n-gram orders that a text is too short for are left out.", Default = "false")]
    [Specific]
    public bool? EffectiveOrder { get; init; }

    /// <summary>chrF: the longest character n-gram; null for 6.</summary>
    [Field("The largest order of character n-grams.", Default = "6")]
    [Specific]
    [Within(1, 100)]
    public int? CharOrder { get; init; }

    /// <summary>chrF: the word n-grams' order; null for 0, or 2 in chrF++.</summary>
    [Field("The largest order of word n-grams that count beside the characters'.", Default = "0 for `chrf`, 2 for `chrf++`")]
    [Specific]
    [Within(0, 10)]
    public int? WordOrder { get; init; }

    /// <summary>chrF: how much more recall counts than precision; null for 2.</summary>
    [Field("How much more recall counts than precision.", Default = "2")]
    [Specific]
    [Within(0, 1000)]
    public double? Beta { get; init; }

    /// <summary>chrF: whether white space counts among the characters.</summary>
    [Field("Whether white space counts among the characters.", Default = "false")]
    [Specific]
    public bool? Whitespace { get; init; }

    /// <summary>chrF: whether orders that one side lacks count with a tiny number.</summary>
    [Field("Whether n-gram orders that a side lacks count with a tiny number, and are not left out.", Default = "false")]
    [Specific]
    public bool? EpsSmoothing { get; init; }

    /// <summary>TER: whether texts are normalised as by Tercom.</summary>
    [Field("Whether entities are resolved and punctuation parted from words, as by Tercom.", Default = "false")]
    [Specific]
    public bool? Normalized { get; init; }

    /// <summary>TER: whether punctuation is left out.</summary>
    [Field("Whether punctuation is left out.", Default = "false")]
    [Specific]
    public bool? NoPunct { get; init; }

    /// <summary>TER: whether the two before cover East Asian characters.</summary>
    [Field("Whether `normalized` parts ideographs and `noPunct` covers East Asian signs.", Default = "false")]
    [Specific]
    public bool? AsianSupport { get; init; }

    /// <summary>TER: whether case counts.</summary>
    [Field("Whether case counts.", Default = "false")]
    [Specific]
    public bool? CaseSensitive { get; init; }

    /// <summary>ROUGE: whether words are compared by their stems.</summary>
    [Field("Whether words are compared by their stems (Porter's).", Default = "false")]
    [Specific]
    public bool? Stemmer { get; init; }

    /// <summary>lastNumber, choice: how an answer is found; null for a reader's way.</summary>
    [Field("How the answer is found in a text: as a reader finds it, or by a filter of lm-evaluation-harness: for lastNumber "
        + "`lm-eval-strict` and `lm-eval-flexible` (gsm8k), for choice `lm-eval-mmlu-pro`.", Default = "`reader`")]
    [Specific]
    public AnswerExtraction? Extract { get; init; }

    /// <summary>References for this metric alone; null for the job's.</summary>
    [Field("A file of references, like the job's own, for this metric alone.", Default = "the job's `references`")]
    [Specific]
    [Path(PathRole.InputFile)]
    public string? References { get; init; }

    /// <summary>distinct1, distinct2: over what n-grams are counted; null for the corpus.</summary>
    [Field("Whether n-grams are counted over the whole corpus, or over each text and averaged.", Default = "`corpus`")]
    [Specific]
    public CountingLevel? Level { get; init; }

    /// <summary>repetition: how many words back count; null for 100.</summary>
    [Field("How many words back count.", Default = "100")]
    [Specific]
    [Within(1, 1000000)]
    public int? Window { get; init; }

    /// <summary>perplexity: where the log-likelihoods are; null for the prediction lines.</summary>
    [Field("JSONL of `id`, `logLikelihood` (natural) and `tokens`, or a folder with such a file per cell, named as the cell.",
        Default = "the prediction lines' own `logLikelihood` and `tokens`")]
    [Specific]
    [Path(PathRole.Data)]
    public string? Likelihoods { get; init; }

    /// <summary>likelihood, perplexity, choiceLikelihood, mauve: the model; null for what files give.</summary>
    [Field("The model folder, or an earlier finetune job's output, that is asked: for a likelihood, for the perplexity of the "
        + "predictions, for which choice is likelier, or for the features of texts.",
            Default = "none; required by likelihood and choiceLikelihood")]
    [Specific]
    [Path(PathRole.InputFolder)]
    public string? Model { get; init; }

    /// <summary>
    /// likelihood, perplexity, choiceLikelihood: the template of what the model is given before a text; null for its own.
    /// </summary>
    [Field("What the model is given before a text; `{source}` stands for the reference line's source.",
        Default = "as in the model's `diffusion.json`, otherwise `{source}`")]
    [Specific]
    [Pattern(Patterns.SourceTemplate, "a text with {source} and no other placeholder")]
    public string? Prompt { get; init; }

    /// <summary>choiceLikelihood: demonstrations before each prompt; null for none.</summary>
    [Field("Solved examples before each text prompt (few-shot), in the same texts as it; with a sample job's `seed` and `shots` they are "
        + "that job's.", Default = "none")]
    [Specific]
    public Shots? Shots { get; init; }

    /// <summary>choiceLikelihood: the most tokens of a text prompt; null for as many as there are.</summary>
    [Field("Most tokens of a text prompt, `<s>` included; a longer one is cut from the left. Without it an item that is too long for the "
        + "model is left out, which the report says.", Default = "as many as there are")]
    [Specific]
    [Within(1, 1048576)]
    public int? MaxPromptTokens { get; init; }

    /// <summary>likelihood: which texts; null for the references.</summary>
    [Field("Which texts: the `references`, as a measure of the model, or the `predictions`, as a judge's measure of them. Both are taken "
        + "given the reference line's `source` or `promptIds`, and given their length.", Default = "`references`")]
    [Specific]
    public LikelihoodTexts? Texts { get; init; }

    /// <summary>likelihood, perplexity, choiceLikelihood: how masks are drawn; null for exactK.</summary>
    [Field("How an absorbing model's masks are drawn: `exactK` any number of tokens alike, `bernoulli` each token by itself.",
        Default = "`exactK`, which varies less")]
    [Specific]
    public MaskEstimator? Estimator { get; init; }

    /// <summary>likelihood, perplexity, choiceLikelihood: draws a text; null for 32.</summary>
    [Field("Forward passes a text over which the bound is averaged.", Default = "32")]
    [Specific]
    [Within(1, 100000)]
    public int? Draws { get; init; }

    /// <summary>likelihood: T of the bound; null for that of continuous time.</summary>
    [Field("Takes the bound of so many numbered steps (D3PM's), which is above that of continuous time; of models trained by `absorbing` "
        + "or `multinomial`.", Default = "continuous time")]
    [Specific]
    [Within(1, 100000)]
    public int? Timesteps { get; init; }

    /// <summary>choiceLikelihood: what a choice's likelihood is divided by; null for nothing.</summary>
    [Field("What a choice's log-likelihood is divided by before choices are compared: nothing, its tokens, or its bytes in UTF-8. The "
        + "report gives all three.", Default = "`none`")]
    [Specific]
    public ChoiceNormalization? Normalize { get; init; }

    /// <summary>perplexity: how items become one number; null for tokens.</summary>
    [Field("Exp of the loss per token over all tokens, exp of the texts' mean loss per token, or the mean of their exponentials. The "
        + "report gives all three; this one has the interval.", Default = "`tokens`")]
    [Specific]
    public PerplexityAggregation? Aggregation { get; init; }

    /// <summary>mauve: the predictions' feature vectors.</summary>
    [Field("The predictions' feature vectors: JSONL of `features`, or a safetensors file with one tensor (n, d), or a folder with such a "
        + "file per cell, named as the cell.", Default = "none; `mauve` needs it or `model`")]
    [Specific]
    [Path(PathRole.Data)]
    public string? Features { get; init; }

    /// <summary>mauve: the references' feature vectors.</summary>
    [Field("The references' feature vectors, a file as for `features`.", Default = "none; `mauve` needs it or `model`")]
    [Specific]
    [Path(PathRole.Data)]
    public string? ReferenceFeatures { get; init; }

    /// <summary>mauve: clusters; null for a tenth of the smaller sample.</summary>
    [Field("The number of clusters.", Default = "a tenth of the smaller sample, at least 2")]
    [Specific]
    [Within(2, 100000)]
    public int? NumBuckets { get; init; }

    /// <summary>mauve: the share of the variance that is clustered; null for 0.9.</summary>
    [Field("The share of the variance that the principal components explain which are clustered.", Default = "0.9")]
    [Specific]
    [Within(0.01, 1)]
    public double? KmeansExplainedVar { get; init; }

    /// <summary>mauve: tries of k-means per seed; null for 5.</summary>
    [Field("Tries of k-means for each seed, of which the best is kept.", Default = "5")]
    [Specific]
    [Within(1, 100)]
    public int? KmeansNumRedo { get; init; }

    /// <summary>mauve: iterations of k-means; null for 500.</summary>
    [Field("The most iterations of a try.", Default = "500")]
    [Specific]
    [Within(1, 100000)]
    public int? KmeansMaxIter { get; init; }

    /// <summary>mauve: the scaling of divergences; null for 5.</summary>
    [Field("The factor of divergences in the exponent.", Default = "5")]
    [Specific]
    [Within(0.01, 1000)]
    public double? MauveScalingFactor { get; init; }

    /// <summary>mauve: the first seed; null for 25.</summary>
    [Field("The first seed of k-means; it is not the job's, so that reports of several jobs compare.", Default = "25")]
    [Specific]
    [Within(0, 2000000000)]
    public int? Seed { get; init; }

    /// <summary>mauve: how many seeds; null for 5.</summary>
    [Field("How many seeds are averaged.", Default = "5")]
    [Specific]
    [Within(1, 100)]
    public int? Seeds { get; init; }

    /// <summary>cost: the price of an hour of the machine; null for none.</summary>
    [Field("The price of an hour of the machine that sampled, from which the price of 1,000 items is reckoned.", Default = "no price")]
    [Specific]
    [Within(0, 1000000000)]
    public double? PricePerHour { get; init; }

    /// <summary>cost: the price's currency.</summary>
    [Field("The currency of `pricePerHour`, as the report is to name it.", Default = "none")]
    [Specific]
    public string? Currency { get; init; }

    /// <summary>The label in reports: <see cref="As"/>, or the metric's name.</summary>
    public string Label => As ?? Name;
}
