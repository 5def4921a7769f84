namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>A job and the jobs that must be done before it.</summary>
/// <param name="Job">The job.</param>
/// <param name="DependsOn">Names of the jobs whose output it reads, in the order of the list.</param>
public sealed record JobNode(WorkManifest Job, IReadOnlyList<string> DependsOn);
