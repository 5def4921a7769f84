using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>A metric with its options; a string in the manifest is a metric with none.</summary>
[Shorthand("name")]
public sealed record MetricSpec
{
    /// <summary>The metric.</summary>
    [Field("The metric's name.")]
    public required MetricName Name { get; init; }

    /// <summary>The label in reports; null for the metric's name.</summary>
    [Field("The metric's label in reports, so that one metric can stand there twice with different options.", Default = "the metric's name")]
    [Pattern(Patterns.Label, Patterns.LabelWords)]
    public string? As { get; init; }

    /// <summary>BLEU, lengthRatio, ROUGE, distinct1, distinct2, entropy, repetition: the tokenization; null for 13a, and for ROUGE for rouge_score's.</summary>
    [Field("bleu, lengthRatio, distinct1, distinct2, entropy, repetition: how texts are split into words, by sacreBLEU's names; `ids` (the last four only) takes the model's tokens from the predictions' `ids`. rouge1, rouge2, rougeL, rougeLsum: `unicode` alone, for words of all scripts, each ideograph and kana a word.", Default = "`13a`; of ROUGE runs of `a-z` and `0-9`, as in rouge_score")]
    public BleuTokenization? Tokenize { get; init; }

    /// <summary>BLEU: the smoothing of zero counts; null for exp.</summary>
    [Field("bleu: how zero counts are smoothed.", Default = "`exp`")]
    public BleuSmoothing? SmoothMethod { get; init; }

    /// <summary>BLEU: the value of `floor` and `add-k`; null for sacreBLEU's (0.1 and 1).</summary>
    [Field("bleu: the value that `floor` and `add-k` use; given only with them.", Default = "0.1 with `floor`, 1 with `add-k`")]
    [Within(0, 1000)]
    public double? SmoothValue { get; init; }

    /// <summary>bleu, chrf, chrf++, exactMatch, editDistance, distinct1, distinct2, entropy, repetition: whether case is ignored.</summary>
    [Field("bleu, chrf, chrf++, exactMatch, editDistance, distinct1, distinct2, entropy, repetition: whether case is ignored.", Default = "false")]
    public bool? Lowercase { get; init; }

    /// <summary>BLEU: whether n-gram orders that a text is too short for are left out.</summary>
    [Field("bleu: whether n-gram orders that a text is too short for are left out.", Default = "false")]
    public bool? EffectiveOrder { get; init; }

    /// <summary>chrF: the longest character n-gram; null for 6.</summary>
    [Field("chrf, chrf++: the largest order of character n-grams.", Default = "6")]
    [Within(1, 100)]
    public int? CharOrder { get; init; }

    /// <summary>chrF: the word n-grams' order; null for 0, or 2 in chrF++.</summary>
    [Field("chrf, chrf++: the largest order of word n-grams that count beside the characters'.", Default = "0 for `chrf`, 2 for `chrf++`")]
    [Within(0, 10)]
    public int? WordOrder { get; init; }

    /// <summary>chrF: how much more recall counts than precision; null for 2.</summary>
    [Field("chrf, chrf++: how much more recall counts than precision.", Default = "2")]
    [Within(0, 1000)]
    public double? Beta { get; init; }

    /// <summary>chrF: whether white space counts among the characters.</summary>
    [Field("chrf, chrf++: whether white space counts among the characters.", Default = "false")]
    public bool? Whitespace { get; init; }

    /// <summary>chrF: whether orders that one side lacks count with a tiny number.</summary>
    [Field("chrf, chrf++: whether n-gram orders that a side lacks count with a tiny number, and are not left out.", Default = "false")]
    public bool? EpsSmoothing { get; init; }

    /// <summary>TER: whether texts are normalised as by Tercom.</summary>
    [Field("ter: whether entities are resolved and punctuation parted from words, as by Tercom.", Default = "false")]
    public bool? Normalized { get; init; }

    /// <summary>TER: whether punctuation is left out.</summary>
    [Field("ter: whether punctuation is left out.", Default = "false")]
    public bool? NoPunct { get; init; }

    /// <summary>TER: whether the two before cover East Asian characters.</summary>
    [Field("ter: whether `normalized` parts ideographs and `noPunct` covers East Asian signs.", Default = "false")]
    public bool? AsianSupport { get; init; }

    /// <summary>TER: whether case counts.</summary>
    [Field("ter: whether case counts.", Default = "false")]
    public bool? CaseSensitive { get; init; }

    /// <summary>ROUGE: whether words are compared by their stems.</summary>
    [Field("rouge1, rouge2, rougeL, rougeLsum: whether words are compared by their stems (Porter's).", Default = "false")]
    public bool? Stemmer { get; init; }

    /// <summary>lastNumber, choice: how an answer is found; null for a reader's way.</summary>
    [Field("lastNumber, choice: how the answer is found in a text: as a reader finds it, or by a filter of lm-evaluation-harness: for lastNumber `lm-eval-strict` and `lm-eval-flexible` (gsm8k), for choice `lm-eval-mmlu-pro`.", Default = "`reader`")]
    public AnswerExtraction? Extract { get; init; }

    /// <summary>References for this metric alone; null for the job's.</summary>
    [Field("Every metric that compares with references: a file of references, like the job's own, for this metric alone.", Default = "the job's `references`")]
    [Path(PathRole.InputFile)]
    public string? References { get; init; }

    /// <summary>distinct1, distinct2: over what n-grams are counted; null for the corpus.</summary>
    [Field("distinct1, distinct2: whether n-grams are counted over the whole corpus, or over each text and averaged.", Default = "`corpus`")]
    public CountingLevel? Level { get; init; }

    /// <summary>repetition: how many words back count; null for 100.</summary>
    [Field("repetition: how many words back count.", Default = "100")]
    [Within(1, 1000000)]
    public int? Window { get; init; }

    /// <summary>perplexity: where the log-likelihoods are; null for the prediction lines.</summary>
    [Field("perplexity: JSONL of `id`, `logLikelihood` (natural) and `tokens`, or a folder with such a file per cell, named as the cell.", Default = "the prediction lines' own `logLikelihood` and `tokens`")]
    [Path(PathRole.Data)]
    public string? Likelihoods { get; init; }

    /// <summary>perplexity: how items become one number; null for tokens.</summary>
    [Field("perplexity: exp of the loss per token over all tokens, exp of the texts' mean loss per token, or the mean of their exponentials.", Default = "`tokens`")]
    public PerplexityAggregation? Aggregation { get; init; }

    /// <summary>mauve: the predictions' feature vectors.</summary>
    [Field("mauve: the predictions' feature vectors: JSONL of `features`, or a safetensors file with one tensor (n, d), or a folder with such a file per cell, named as the cell.", Default = "none; required by mauve")]
    [Path(PathRole.Data)]
    public string? Features { get; init; }

    /// <summary>mauve: the references' feature vectors.</summary>
    [Field("mauve: the references' feature vectors, a file as for `features`.", Default = "none; required by mauve")]
    [Path(PathRole.Data)]
    public string? ReferenceFeatures { get; init; }

    /// <summary>mauve: clusters; null for a tenth of the smaller sample.</summary>
    [Field("mauve: the number of clusters.", Default = "a tenth of the smaller sample, at least 2")]
    [Within(2, 100000)]
    public int? NumBuckets { get; init; }

    /// <summary>mauve: the share of the variance that is clustered; null for 0.9.</summary>
    [Field("mauve: the share of the variance that the principal components explain which are clustered.", Default = "0.9")]
    [Within(0.01, 1)]
    public double? KmeansExplainedVar { get; init; }

    /// <summary>mauve: tries of k-means per seed; null for 5.</summary>
    [Field("mauve: tries of k-means for each seed, of which the best is kept.", Default = "5")]
    [Within(1, 100)]
    public int? KmeansNumRedo { get; init; }

    /// <summary>mauve: iterations of k-means; null for 500.</summary>
    [Field("mauve: the most iterations of a try.", Default = "500")]
    [Within(1, 100000)]
    public int? KmeansMaxIter { get; init; }

    /// <summary>mauve: the scaling of divergences; null for 5.</summary>
    [Field("mauve: the factor of divergences in the exponent.", Default = "5")]
    [Within(0.01, 1000)]
    public double? MauveScalingFactor { get; init; }

    /// <summary>mauve: the first seed; null for 25.</summary>
    [Field("mauve: the first seed of k-means; it is not the job's, so that reports of several jobs compare.", Default = "25")]
    [Within(0, 2000000000)]
    public int? Seed { get; init; }

    /// <summary>mauve: how many seeds; null for 5.</summary>
    [Field("mauve: how many seeds are averaged.", Default = "5")]
    [Within(1, 100)]
    public int? Seeds { get; init; }

    /// <summary>cost: the price of an hour of the machine; null for none.</summary>
    [Field("cost: the price of an hour of the machine that sampled, from which the price of 1,000 items is reckoned.", Default = "no price")]
    [Within(0, 1000000000)]
    public double? PricePerHour { get; init; }

    /// <summary>cost: the price's currency.</summary>
    [Field("cost: the currency of `pricePerHour`, as the report is to name it.", Default = "none")]
    public string? Currency { get; init; }

    /// <summary>The label in reports: <see cref="As"/>, or the metric's name.</summary>
    public string Label => As ?? EnumText.Of(Name);
}
