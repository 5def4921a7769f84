namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>A <see cref="OneOrMany{T}"/> whose type isn't known where it is used.</summary>
internal interface IOneOrMany
{
    /// <summary>The values.</summary>
    IReadOnlyList<object> Objects { get; }

    /// <summary>Whether the manifest gave a list.</summary>
    bool IsList { get; }
}
