namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>How an enum's member is written in a manifest, where that isn't its name in camelCase.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class LiteralAttribute(string text) : Attribute
{
    /// <summary>The text in the manifest.</summary>
    public string Text { get; } = text;
}
