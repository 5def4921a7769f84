using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>A manifest: one job, or a pipeline of them..</summary>
public abstract record JobManifest
{
    /// <summary>What is asked for; written as the field `kind`.</summary>
    public abstract JobKind Kind { get; }

    /// <summary>The job's name.</summary>
    [Field("The job's name: it identifies the job in progress lines, in the index and within a pipeline.", Fingerprinted = false)]
    [Pattern(Patterns.Name, Patterns.NameWords)]
    public required string Name { get; init; }
}

/// <summary>A manifest that is one job with an output folder: all but pipelines.</summary>
public abstract record WorkManifest : JobManifest
{
    /// <summary>The seed of all the job's random draws, 0 to 2^53 - 1.</summary>
    [Field("Seed of every random draw of the job: the same manifest, input and seed give the same bytes.")]
    [Within(0, 9007199254740991)]
    public long Seed { get; init; } = 1;

    /// <summary>The folder under the root that the job writes.</summary>
    [Field("The folder, relative to the storage root, that the job writes; it belongs to this job alone.", Fingerprinted = false)]
    [Path(PathRole.Output)]
    public required string Output { get; init; }

    /// <summary>Whether an output of another fingerprint may be replaced.</summary>
    [Field("Whether an output folder that another manifest, input or model made may be replaced; otherwise that is an error.",
        Fingerprinted = false)]
    public bool Overwrite { get; init; }
}

/// <summary>Several jobs: they run in the order in which they need each other.</summary>
public sealed record PipelineManifest : JobManifest
{
    /// <inheritdoc/>
    public override JobKind Kind => JobKind.Pipeline;

    /// <summary>The jobs as the manifest lists them; names and outputs are distinct.</summary>
    [Field("The jobs. One that reads what another writes runs after it; their order in the list doesn't matter.")]
    [Count(1)]
    public required IReadOnlyList<WorkManifest> Jobs { get; init; }
}
