using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Metrics.</summary>
[LaterValues("ter", "rouge1", "rouge2", "rougeL", "rougeLsum", "tokenF1", "lastNumber", "choice", "editDistance",
    "distinct1", "distinct2", "entropy", "repetition", "mauve", "perplexity")]
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

    /// <summary>Forward passes, tokens per second and seconds of each cell.</summary>
    Cost,
}
