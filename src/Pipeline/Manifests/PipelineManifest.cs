using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Several jobs; <see cref="JobGraph"/> gives the order in which they need each other.</summary>
public sealed record PipelineManifest : JobManifest
{
    /// <inheritdoc/>
    public override JobKind Kind => JobKind.Pipeline;

    /// <summary>The jobs as the manifest lists them; names and outputs are distinct.</summary>
    [Field("The jobs. One that reads what another writes runs after it; their order in the list doesn't matter.")]
    [Count(1)]
    public required IReadOnlyList<WorkManifest> Jobs { get; init; }
}
