namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>A locked job with its locked pipeline.</summary>
/// <param name="Job">The job.</param>
/// <param name="Pipeline">The pipeline that it is part of, or null.</param>
internal sealed record JobFamily(JobRow Job, JobRow? Pipeline);
