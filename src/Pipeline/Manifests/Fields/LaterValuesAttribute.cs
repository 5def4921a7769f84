namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>Values that the manifests' specification knows and this version refuses with an error that says so.</summary>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class LaterValuesAttribute(params string[] values) : Attribute
{
    /// <summary>The values, as written in manifests.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}
