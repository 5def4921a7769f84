using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

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
