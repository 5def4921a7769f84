using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>One finetuning to do.</summary>
/// <param name="Manifest">The job.</param>
/// <param name="Root">The storage root, that the manifest's paths are relative to.</param>
/// <param name="Output">The folder that takes the finished checkpoint's files; may not exist, may hold files of an earlier try.</param>
/// <param name="Work">The folder for what is needed to resume; kept until the job is finished.</param>
public sealed record FinetuneTask(FinetuneManifest Manifest, string Root, string Output, string Work);
