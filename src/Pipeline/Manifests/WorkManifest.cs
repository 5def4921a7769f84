using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

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
    [Field("Whether an output folder that another manifest, input or model made may be replaced; otherwise that is an error.", Fingerprinted = false)]
    public bool Overwrite { get; init; }
}
