namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>What a manifest asks for.</summary>
public enum JobKind
{
    /// <summary>Adapts a model to pairs of texts, or trains a new one.</summary>
    Finetune,

    /// <summary>Generates a text for each line of an input file, at one or many sampler settings.</summary>
    Sample,

    /// <summary>Scores predictions against references.</summary>
    Evaluate,

    /// <summary>Several jobs, run in the order in which they need each other.</summary>
    Pipeline,
}
