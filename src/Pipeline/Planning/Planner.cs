using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Planning;

/// <summary>
/// Plans jobs: checks what they read, claims their output and cuts them into tasks. A job that can't be run is failed
/// here, with all that is wrong; nothing of it is sampled.
/// </summary>
public sealed partial class Planner(
    IBlobStore store, IPipelineIndex index, Finalizer finalizer, Estimator estimator, TimeProvider time, ILogger<Planner> log)
{
    // A plan that failed so often by something else than its inputs fails its job.
    const int MaxAttempts = 5;

    /// <summary>How long a plan is its planner's without renewal.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>Plans a job, unless it is planned, has ended, or another plans it.</summary>
    /// <exception cref="StorageException">Storage is away; the message is to come again.</exception>
    /// <exception cref="IndexUnavailableException">The index is away, likewise.</exception>
    public async Task PlanAsync(string job, CancellationToken cancellationToken)
    {
        if (await index.Planning.ClaimPlanAsync(job, Environment.MachineName, Lease, cancellationToken) is not { } attempt) return;
        JobRow row = (await index.Jobs.GetAsync(job, cancellationToken))!;
        long started = time.GetTimestamp();
        await using PlanLease lease = PlanLease.Start(index.Planning, job, attempt, Lease, time, cancellationToken);
        try
        {
            var run = new PlanRun(store.For(row.Tenant), index, estimator.For(row.Tenant), time, row, attempt);
            (OutputManifest? Finished, Fingerprint Fingerprint)? plan = await run.RunAsync(lease.Token);
            if (plan is null) LogFenced(job, attempt);
            else if (plan.Value.Finished is { } finished) await finalizer.AdoptAsync(row, finished, cancellationToken);
            else LogPlanned(job, row.Name, time.GetElapsedTime(started).TotalSeconds);
        }
        catch (OperationCanceledException) when (lease.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogFenced(job, attempt);
        }
        catch (ProblemsException e)
        {
            await finalizer.FailAsync(row, Problem.Sentence(e.Problems), e.Problems, cancellationToken);
        }
        catch (QuotaExceededException e)
        {
            await finalizer.FailAsync(row, e.Message, [], cancellationToken);
        }
        catch (FileChangedException e)
        {
            await finalizer.FailAsync(row, e.Message, [Problem.OfFile(e.Path, e.Message)], cancellationToken);
        }
        catch (Exception e) when (attempt >= MaxAttempts && e
            is not (StorageException { Failure: StorageFailure.Unavailable } or IndexUnavailableException or OperationCanceledException))
        {
            LogFailed(e, job, attempt);
            await finalizer.FailAsync(row, $"It couldn't be planned: {e.Message}", [], cancellationToken);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Job {Job} ({Name}) was planned in {Seconds:0.0} s")]
    partial void LogPlanned(string job, string name, double seconds);

    [LoggerMessage(2, LogLevel.Information, "Plan {Attempt} of job {Job} was fenced off: another plans it, or it was stopped")]
    partial void LogFenced(string job, int attempt);

    [LoggerMessage(3, LogLevel.Error, "Plan {Attempt} of job {Job} failed")]
    partial void LogFailed(Exception exception, string job, int attempt);
}
