namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>A field that the manifests' specification knows and this version refuses with an error that says what is possible.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class LaterFieldAttribute(string name, string instead) : Attribute
{
    /// <summary>The field's name.</summary>
    public string Name { get; } = name;

    /// <summary>A sentence: what is possible in this version.</summary>
    public string Instead { get; } = instead;

    /// <summary>A sibling whose refused value already explains this field, so that one cause is one error.</summary>
    public string? ExplainedBy { get; init; }
}
