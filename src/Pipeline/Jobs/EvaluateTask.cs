using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>One evaluation to do.</summary>
/// <param name="Manifest">The job.</param>
/// <param name="Root">The storage root, that the manifest's paths are relative to.</param>
/// <param name="Output">The folder that takes the report's files.</param>
public sealed record EvaluateTask(EvaluateManifest Manifest, string Root, string Output);
