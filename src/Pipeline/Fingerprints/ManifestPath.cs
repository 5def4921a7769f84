using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Fingerprints;

/// <summary>A path that a manifest names.</summary>
/// <param name="Pointer">The field, as a JSON pointer inside the job.</param>
/// <param name="Path">The path under the root, as written.</param>
/// <param name="Role">What it is for.</param>
public sealed record ManifestPath(string Pointer, string Path, PathRole Role);
