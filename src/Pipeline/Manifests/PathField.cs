using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>A path that a job names.</summary>
/// <param name="Pointer">The field's JSON pointer within the job, e.g. "/model/from".</param>
/// <param name="Role">What the path is for.</param>
/// <param name="Path">The path, relative to the root.</param>
public sealed record PathField(string Pointer, PathRole Role, string Path);
