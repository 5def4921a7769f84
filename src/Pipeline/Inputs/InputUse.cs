namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>What an input file is read for: it decides which fields its lines must have.</summary>
public enum InputUse
{
    /// <summary>Items to generate for: `id`, and `source` or `promptIds`; `target` and `length` may be there.</summary>
    Sample,

    /// <summary>Training pairs: `id`, `source`, `target`, all texts.</summary>
    Pairs,

    /// <summary>Texts to train on: `id`, and `source` or `target` or both.</summary>
    Texts,

    /// <summary>References: `id` and `target`, a text or a list of texts.</summary>
    References,
}
