using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Models;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>
/// Takes batches from one status to the next: checks their files, submits the jobs that answer them, and writes their files once those
/// have ended. Each step can be repeated by whoever comes after one that died in it; a lease keeps two from doing it at once.
/// </summary>
public sealed partial class BatchRunner(
    IBlobStore store, IPipelineIndex index, JobService service, OpenAiLimits limits,
    ILogger<BatchRunner> log)
{
    // Batches that are worked on at once.
    const int Parallelism = 4;

    static readonly TimeSpan s_lease = TimeSpan.FromSeconds(60);

    /// <summary>Does for each batch what can be done now, and deletes files whose time is over.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (FileRow file in await index.Batches.ExpiredFilesAsync(cancellationToken))
        {
            await store.For(Tenant.Of(file.Tenant)).DeleteAsync(file.Path, BlobCondition.None, cancellationToken);
            await index.Batches.RemoveFileAsync(file.Id, cancellationToken);
        }
        var several = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(await index.Batches.OpenAsync(cancellationToken), several, async (batch, token) =>
        {
            try
            {
                await AdvanceAsync(batch, token);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The others go on; this one is tried again.
                LogFailed(e, batch.Id);
            }
        });
    }

    async Task AdvanceAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        await using IBlobLease? lease = await store.LeaseAsync($"{RootNames.Internal}/batches/{batch.Id}", s_lease, cancellationToken);
        if (lease is null || await index.Batches.GetAsync(batch.Id, cancellationToken) is not { FinishedAt: null } now) return;
        if (now.Status == BatchStatus.Validating) now = await StartAsync(now, cancellationToken);
        if (now.FinishedAt is not null) return;
        if (now.Outcome is null && await OutcomeAsync(now, cancellationToken) is { } outcome)
        {
            await index.Batches.FinalizeAsync(now.Id, outcome, cancellationToken);
            now = (await index.Batches.GetAsync(now.Id, cancellationToken))!;
        }
        if (now.Outcome is not null && now.FinishedAt is null) await FinishAsync(now, cancellationToken);
    }

    async Task<BatchRow> StartAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        (BatchPlan? plan, IReadOnlyList<BatchErrorItem> errors) = await CheckOf(batch).RunAsync(batch, cancellationToken);
        if (plan is null) return await FailAsync(batch, errors, cancellationToken);
        string? job = null;
        if (plan.Manifest is { } manifest)
        {
            SubmitResult result;
            try
            {
                result = await service.For(Tenant.Of(batch.Tenant)).SubmitAsync(
                    new SubmitRequest(Encoding.UTF8.GetBytes(manifest.ToJsonString()))
                    {
                        IdempotencyKey = batch.Id,
                        ExpiresAt = batch.ExpiresAt
                    }, cancellationToken);
            }
            catch (QuotaExceededException e)
            {
                return await FailAsync(batch, [new BatchErrorItem("quota_exceeded", e.Message, null, null)], cancellationToken);
            }
            if (result.Outcome is null) return await FailAsync(batch, [.. result.Problems.Select(p => Of(p, batch.Id))], cancellationToken);
            job = result.Outcome.Job.Id;
        }
        BatchRow started = await index.Batches.StartAsync(batch.Id, plan.Start with { JobId = job }, cancellationToken);
        LogStarted(batch.Id, plan.Start.Total, plan.Groups.Count);
        return started;
    }

    // What the batch will have come to; null while its work goes on.
    async Task<BatchStatus?> OutcomeAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        bool cancelling = batch.Status == BatchStatus.Cancelling;
        if (batch.JobId is null) return cancelling ? BatchStatus.Cancelled : BatchStatus.Completed;
        JobRow? job = await index.Jobs.GetAsync(batch.JobId, cancellationToken);
        if (job is { State: var state } && !state.IsFinal())
        {
            // It was asked to stop while the job was being submitted.
            if (cancelling && state != JobState.Cancelling) await service.CancelAsync(batch.JobId, cancellationToken);
            return null;
        }
        if (cancelling) return BatchStatus.Cancelled;
        JobRow[] all = [.. (await WritingOf(batch).JobsAsync(batch.JobId, cancellationToken)).Values];
        return all.Length == 0 || all.All(j => j.State == JobState.Failed) ? BatchStatus.Failed
            : all.Any(j => j.State == JobState.Expired) ? BatchStatus.Expired
            : all.Any(j => j.State == JobState.Cancelled) ? BatchStatus.Cancelled
            : BatchStatus.Completed;
    }

    async Task FinishAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        if (batch.Outcome == BatchStatus.Failed)
        {
            JobRow[] all = [.. (await WritingOf(batch).JobsAsync(batch.JobId, cancellationToken)).Values];
            await FailAsync(batch, Failures(all, batch.Id), cancellationToken);
            return;
        }
        // Before it was checked there is nothing to write.
        BatchEnd end = batch is { Outcome: BatchStatus.Cancelled, Total: 0 }
            ? new BatchEnd(BatchStatus.Cancelled)
            : await WritingOf(batch).RunAsync(batch, cancellationToken);
        if (await index.Batches.FinishAsync(batch.Id, end, cancellationToken))
            LogEnded(batch.Id, end.Status.Name(), end.Completed, end.Failed);
    }

    async Task<BatchRow> FailAsync(BatchRow batch, IReadOnlyList<BatchErrorItem> errors, CancellationToken cancellationToken)
    {
        var end = new BatchEnd(BatchStatus.Failed) { Errors = errors, Failed = batch.Total };
        if (await index.Batches.FinishAsync(batch.Id, end, cancellationToken)) LogEnded(batch.Id, end.Status.Name(), 0, end.Failed);
        return (await index.Batches.GetAsync(batch.Id, cancellationToken))!;
    }

    BatchCheck CheckOf(BatchRow batch)
    {
        Tenant tenant = Tenant.Of(batch.Tenant);
        return new BatchCheck(store.For(tenant), index.For(tenant).Batches, new ModelRegistry(store.For(tenant), index.Caches.For(tenant)),
            limits);
    }

    BatchWriting WritingOf(BatchRow batch)
    {
        IBlobStore root = store.For(Tenant.Of(batch.Tenant));
        return new BatchWriting(root, index.Jobs, new JobResults(root));
    }

    static IReadOnlyList<BatchErrorItem> Failures(JobRow[] all, string batch)
    {
        if (all.Length == 0) return [new BatchErrorItem("job_failed", "The job that answers the batch is gone.", null, null)];
        List<BatchErrorItem> errors = [.. all.SelectMany(j => j.Problems).Select(p => Of(p, batch)).Distinct()];
        return errors.Count > 0
            ? errors
            : [.. all.Select(j => j.Error ?? "The job failed.").Distinct().Select(e => new BatchErrorItem("job_failed", e, null, null))];
    }

    // The manifest is none that the caller has written: its model is what can be wrong.
    static BatchErrorItem Of(Problem problem, string batch) => new(
        "job_failed", problem.File == "manifest" || problem.File.StartsWith(BatchNames.Batch(batch), StringComparison.Ordinal)
            ? problem.Message
            : problem.ToString(), null, null);

    [LoggerMessage(1, LogLevel.Information, "Batch {Batch} of {Requests} requests was checked; {Jobs} jobs answer it")]
    partial void LogStarted(string batch, long requests, int jobs);

    [LoggerMessage(2, LogLevel.Information, "Batch {Batch} is {Status}: {Completed} requests answered, {Failed} not")]
    partial void LogEnded(string batch, string status, long completed, long failed);

    [LoggerMessage(3, LogLevel.Error, "Batch {Batch} couldn't be taken further; it is tried again")]
    partial void LogFailed(Exception exception, string batch);
}
