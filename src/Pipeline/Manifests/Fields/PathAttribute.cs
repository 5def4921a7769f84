namespace DiffusionBatch.Pipeline.Manifests.Fields;

/// <summary>Makes a text field a path under the storage root and says what must be there.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PathAttribute(PathRole role) : Attribute
{
    /// <summary>What the path is for.</summary>
    public PathRole Role { get; } = role;
}
