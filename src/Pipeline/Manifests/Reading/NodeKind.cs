namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>What a value of a manifest's text is.</summary>
internal enum NodeKind
{
    Object,
    List,
    Text,
    Number,
    Boolean,
    Null,
}
