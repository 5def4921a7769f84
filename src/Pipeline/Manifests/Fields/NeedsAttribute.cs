namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>A field that makes no sense, or isn't enough, without another one of the same object.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class NeedsAttribute(string field, string other) : Attribute
{
    /// <summary>The field that, when given, asks for the other.</summary>
    public string Field { get; } = field;

    /// <summary>The field that must then be given too.</summary>
    public string Other { get; } = other;
}
