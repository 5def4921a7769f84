namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>Exactly one of these fields (by their names in the manifest) must be given.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExactlyOneAttribute(params string[] fields) : Attribute
{
    /// <summary>The fields' names.</summary>
    public IReadOnlyList<string> Fields { get; } = fields;
}
