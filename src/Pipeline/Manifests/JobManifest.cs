using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>A manifest: one job, or a pipeline of them. Read with <see cref="ManifestReader"/>.</summary>
public abstract record JobManifest
{
    /// <summary>What is asked for; written as the field `kind`.</summary>
    public abstract JobKind Kind { get; }

    /// <summary>The job's name.</summary>
    [Field("The job's name: it identifies the job in progress lines, in the index and within a pipeline.", Fingerprinted = false)]
    [Pattern(Patterns.Name, Patterns.NameWords)]
    public required string Name { get; init; }
}
