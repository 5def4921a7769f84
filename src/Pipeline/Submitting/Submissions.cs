using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Submitting;

/// <summary>
/// Makes of a manifest what a submit enters: its job, or a pipeline followed by its jobs, each with what it needs and is expected to take.
/// </summary>
internal static class Submissions
{
    /// <summary>The submission of a manifest, with new ids.</summary>
    public static async Task<Submission> OfAsync(
        JobManifest manifest, Estimator estimator, TimeProvider time, JobPriority priority, DateTimeOffset? expiresAt,
        CancellationToken cancellationToken)
    {
        var jobs = new List<SubmittedJob>();
        string? parent = null;
        if (manifest is PipelineManifest pipeline)
        {
            parent = NewId();
            jobs.Add(new SubmittedJob
            {
                Id = parent,
                Name = pipeline.Name,
                Kind = JobKind.Pipeline,
                Manifest = ManifestWriter.Write(pipeline),
                Priority = priority,
                ExpiresAt = expiresAt
            });
        }
        Dictionary<string, string> ids = ManifestCheck.Jobs(manifest).ToDictionary(j => j.Job.Name, _ => NewId(), StringComparer.Ordinal);
        Dictionary<string, IReadOnlyList<string>> needs =
            JobGraph.Of(manifest).Nodes.ToDictionary(n => n.Job.Name, n => n.DependsOn, StringComparer.Ordinal);
        foreach ((WorkManifest job, _) in ManifestCheck.Jobs(manifest))
        {
            jobs.Add(new SubmittedJob
            {
                Id = ids[job.Name],
                Name = job.Name,
                Kind = job.Kind,
                Output = job.Output,
                Manifest = ManifestWriter.Write(job),
                ParentId = parent,
                Needs = [.. needs[job.Name].Select(name => ids[name])],
                Priority = priority,
                ExpiresAt = expiresAt,
                EstimateSeconds = (await estimator.OfAsync(job, null, cancellationToken)).Seconds,
            });
        }
        return new Submission(jobs);

        string NewId() => "job_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
    }
}
