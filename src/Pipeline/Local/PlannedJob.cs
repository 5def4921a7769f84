using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>A job of a run, with what its check found out.</summary>
internal sealed class PlannedJob(WorkManifest manifest, IReadOnlyList<string> dependsOn, string pointer)
{
    /// <summary>The job.</summary>
    public WorkManifest Manifest { get; } = manifest;

    /// <summary>The names of the jobs whose output it reads.</summary>
    public IReadOnlyList<string> DependsOn { get; } = dependsOn;

    /// <summary>Where it stands in the manifest, as a JSON pointer.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>The input files that were read through, by their paths.</summary>
    public Dictionary<string, InputCheck> Inputs { get; } = new(StringComparer.Ordinal);

    /// <summary>The SHA-256 of each file that was read, by its path under the root.</summary>
    public Dictionary<string, string> Hashes { get; } = new(StringComparer.Ordinal);

    /// <summary>The fingerprint; null while a folder that it reads is still to be made.</summary>
    public Fingerprint? Fingerprint { get; set; }

    /// <summary>What stands in its output folder.</summary>
    public OutputStatus Status { get; set; }

    /// <summary>The kind's name.</summary>
    public string Kind => EnumText.Of(Manifest.Kind);
}
