using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Submitting;

/// <summary>
/// What the API and the command line do with jobs: the facade over checking, submitting, estimating and cancelling.
/// Reading jobs is <see cref="IJobIndex"/>'s own; their results are <see cref="JobResults"/>'.
/// </summary>
public sealed partial class JobService(
    IBlobStore store, IPipelineIndex index, OutboxRelay relay, Finalizer finalizer, Estimator estimator, TimeProvider time,
    ILogger<JobService> log)
{
    readonly ManifestCheck _check = new(store, index.Caches);

    /// <summary>The one that does what it does for a tenant.</summary>
    public JobService For(Tenant tenant) => new(store.For(tenant), index.For(tenant), relay, finalizer, estimator.For(tenant), time, log);

    /// <summary>
    /// All that is wrong with a manifest, as far as it can be told without reading the inputs; empty where it can be submitted.
    /// </summary>
    public async Task<IReadOnlyList<Problem>> ValidateAsync(SubmitRequest request, CancellationToken cancellationToken) =>
        (await _check.ReadAsync(request, cancellationToken)).Problems;

    /// <summary>What each job of a manifest is expected to take, in an order in which they can run.</summary>
    /// <exception cref="ProblemsException">The manifest has problems.</exception>
    public async Task<IReadOnlyList<JobEstimate>> EstimateAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        JobManifest manifest = (await _check.ReadAsync(request, cancellationToken)).Require();
        var estimates = new List<JobEstimate>();
        foreach (JobNode node in JobGraph.Of(manifest).Nodes) estimates.Add(await estimator.OfAsync(node.Job, null, cancellationToken));
        return estimates;
    }

    /// <summary>
    /// Checks a manifest and enters its jobs, all in one transaction, with the messages that set them going. Answers before any
    /// planning, whatever the input's size. The same key with the same manifest, however written, gives the same job.
    /// </summary>
    /// <exception cref="QuotaExceededException">The tenant has as many items queued as it may; nothing was entered.</exception>
    public async Task<SubmitResult> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        using Activity? span = Spans.Begin("submit job");
        ManifestReading reading = await _check.ReadAsync(request, cancellationToken);
        if (reading.Manifest is not { } manifest) return new SubmitResult(null, reading.Problems);
        SubmitOutcome outcome = await index.Jobs.SubmitAsync(await SubmissionAsync(request, manifest, cancellationToken),
            cancellationToken);
        span?.Of(outcome.Job.Id);
        if (outcome.Status == SubmitStatus.Created) LogSubmitted(outcome.Job.Id, outcome.Job.Name, EnumText.Of(outcome.Job.Kind));
        await KickAsync(cancellationToken);
        return new SubmitResult(outcome, []);
    }

    /// <summary>Cancels a job or a pipeline. What is finished stays; a job that nobody works on is cancelled at once.</summary>
    public async Task<CancelOutcome> CancelAsync(string job, CancellationToken cancellationToken)
    {
        CancelOutcome outcome = await index.Jobs.CancelAsync(job, cancellationToken);
        if (outcome != CancelOutcome.Cancelling) return outcome;
        IEnumerable<JobRow> children = await index.Jobs.ChildrenAsync(job, cancellationToken);
        foreach (string id in children.Select(c => c.Id).DefaultIfEmpty(job)) await finalizer.FinalizeAsync(id, cancellationToken);
        return await index.Jobs.GetAsync(job, cancellationToken) is { State: JobState.Cancelled } ? CancelOutcome.Cancelled : outcome;
    }

    /// <summary>
    /// Tries a failed job again; what is done of it stays. False: it hasn't failed, or has no task that could be tried again.
    /// </summary>
    public async Task<bool> RetryAsync(string job, CancellationToken cancellationToken)
    {
        if (!await index.Jobs.RetryAsync(job, cancellationToken)) return false;
        await KickAsync(cancellationToken);
        return true;
    }

    async Task<Submission> SubmissionAsync(SubmitRequest request, JobManifest manifest, CancellationToken cancellationToken) =>
        await Submissions.OfAsync(manifest, estimator, time, request.Priority, request.ExpiresAt, cancellationToken) with
        {
            IdempotencyKey = request.IdempotencyKey,
            BodyHash = request.IdempotencyKey is null ? null : Hash(request, manifest),
        };

    // Over what is asked for, not over how it is written down.
    static string Hash(SubmitRequest request, JobManifest manifest) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{request.Priority}\n{ManifestWriter.Write(manifest)}")));

    /// <summary>Sends what was just entered; the relay's timer would come as well, but later.</summary>
    internal async Task KickAsync(CancellationToken cancellationToken)
    {
        try
        {
            await relay.RunOnceAsync(cancellationToken);
        }
        catch (IOException e)
        {
            LogLater(e);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Job {Job} ({Name}, {Kind}) was submitted")]
    partial void LogSubmitted(string job, string name, string kind);

    [LoggerMessage(2, LogLevel.Warning, "The messages of a submitted job couldn't be sent yet; the relay's timer will")]
    partial void LogLater(Exception exception);
}
