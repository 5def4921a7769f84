namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>Lets a bare text stand for an object that has only this field.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShorthandAttribute(string field) : Attribute
{
    /// <summary>The field's name.</summary>
    public string Field { get; } = field;
}
