using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Metrics.</summary>
[LaterValues("ter", "rouge1", "rouge2", "rougeL", "rougeLsum", "tokenF1", "lastNumber", "choice", "editDistance")]
public enum MetricName
{
    /// <summary>BLEU as sacreBLEU computes it, 0 to 100.</summary>
    Bleu,

    /// <summary>chrF as sacreBLEU computes it, 0 to 100.</summary>
    Chrf,

    /// <summary>chrF with words of order up to 2, 0 to 100.</summary>
    [Literal("chrf++")]
    ChrfPlusPlus,

    /// <summary>Share of texts equal to a reference, 0 to 100.</summary>
    ExactMatch,

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
