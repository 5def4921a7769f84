namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>The syntax of a manifest's text.</summary>
public enum ManifestFormat
{
    /// <summary>JSON with comments and trailing commas.</summary>
    Json,

    /// <summary>YAML of the same shape.</summary>
    Yaml,
}
