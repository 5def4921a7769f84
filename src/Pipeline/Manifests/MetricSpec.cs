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

    /// <summary>BLEU, lengthRatio: the tokenization; null for 13a.</summary>
    [Field("bleu, lengthRatio: how texts are split into words, by sacreBLEU's names.", Default = "`13a`")]
    public BleuTokenization? Tokenize { get; init; }

    /// <summary>BLEU: the smoothing of zero counts; null for exp.</summary>
    [Field("bleu: how zero counts are smoothed.", Default = "`exp`")]
    public BleuSmoothing? SmoothMethod { get; init; }

    /// <summary>BLEU: the value of `floor` and `add-k`; null for sacreBLEU's (0.1 and 1).</summary>
    [Field("bleu: the value that `floor` and `add-k` use; given only with them.", Default = "0.1 with `floor`, 1 with `add-k`")]
    [Within(0, 1000)]
    public double? SmoothValue { get; init; }

    /// <summary>bleu, chrf, chrf++, exactMatch: whether case is ignored.</summary>
    [Field("bleu, chrf, chrf++, exactMatch: whether case is ignored.", Default = "false")]
    public bool? Lowercase { get; init; }

    /// <summary>BLEU: whether n-gram orders that a text is too short for are left out.</summary>
    [Field("bleu: whether n-gram orders that a text is too short for are left out.", Default = "false")]
    public bool? EffectiveOrder { get; init; }

    /// <summary>chrF: the word n-grams' order; null for 0, or 2 in chrF++.</summary>
    [Field("chrf, chrf++: the largest order of word n-grams that count beside the characters'.", Default = "0 for `chrf`, 2 for `chrf++`")]
    [Within(0, 10)]
    public int? WordOrder { get; init; }

    /// <summary>The label in reports: <see cref="As"/>, or the metric's name.</summary>
    public string Label => As ?? EnumText.Of(Name);
}
