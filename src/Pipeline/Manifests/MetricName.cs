using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Metrics.</summary>
public enum MetricName
{
    /// <summary>BLEU as sacreBLEU computes it, 0 to 100.</summary>
    Bleu,

    /// <summary>chrF as sacreBLEU computes it, 0 to 100.</summary>
    Chrf,

    /// <summary>chrF with words of order up to 2, 0 to 100.</summary>
    [Literal("chrf++")]
    ChrfPlusPlus,

    /// <summary>TER as sacreBLEU computes it: 0 is equal, and it may exceed 100.</summary>
    Ter,

    /// <summary>Mean F of shared words as rouge_score computes it, 0 to 100.</summary>
    Rouge1,

    /// <summary>Mean F of shared pairs of words, 0 to 100.</summary>
    Rouge2,

    /// <summary>Mean F of longest common subsequences, 0 to 100.</summary>
    RougeL,

    /// <summary>The same line by line, 0 to 100.</summary>
    RougeLsum,

    /// <summary>Share of texts equal to a reference, 0 to 100.</summary>
    ExactMatch,

    /// <summary>SQuAD's F1 over words, 0 to 100.</summary>
    TokenF1,

    /// <summary>Share of texts whose last number is the reference's, 0 to 100.</summary>
    LastNumber,

    /// <summary>Share of texts that choose the reference's option, 0 to 100.</summary>
    Choice,

    /// <summary>Mean edit distance in characters by the longer text's length, 0 (equal) to 100.</summary>
    EditDistance,

    /// <summary>Words of the texts by words of the references.</summary>
    LengthRatio,

    /// <summary>Distinct words by all words, 0 to 1.</summary>
    Distinct1,

    /// <summary>Distinct pairs of words by all pairs, 0 to 1.</summary>
    Distinct2,

    /// <summary>Entropy of each text's words, in nats.</summary>
    Entropy,

    /// <summary>Share of words that are among the 100 before them, 0 to 1.</summary>
    Repetition,

    /// <summary>MAUVE over feature vectors, 0 to 1.</summary>
    Mauve,

    /// <summary>Perplexity from given log-likelihoods, at least 1.</summary>
    Perplexity,

    /// <summary>Forward passes, tokens per second and seconds of each cell.</summary>
    Cost,
}
