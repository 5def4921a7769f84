using System.Data.Common;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>
/// Runs manifests on a folder with the whole pipeline in this process. A run resumes what was interrupted and redoes nothing
/// that is finished and unchanged; bad input is found before anything is written.
/// </summary>
/// <param name="root">The storage root: an existing folder.</param>
/// <param name="tasks">The work itself.</param>
/// <param name="options">Further settings.</param>
public sealed class JobRunner(string root, IJobTasks tasks, JobRunnerOptions? options = null)
{
    readonly string _root = RealPath.Full(root);
    readonly JobRunnerOptions _options = options ?? new();

    /// <summary>
    /// Says all that is wrong with a manifest's inputs, models and outputs, as far as it can be told before any work; writes nothing.
    /// </summary>
    public IReadOnlyList<Problem> Check(JobManifest manifest, CancellationToken cancellationToken = default)
    {
        new Preflight(_root, tasks, _options.ManifestFile).Plan(manifest, out IReadOnlyList<Problem> problems, cancellationToken);
        return problems;
    }

    /// <summary>Runs a manifest. Errors of jobs and bad input are told by the outcome, not thrown.</summary>
    /// <param name="manifest">A job, or a pipeline of them.</param>
    /// <param name="progress">Takes what happens, from any thread.</param>
    /// <param name="cancellationToken">Stops the run within seconds; what is done is kept, and the next run goes on from there.</param>
    public Task<JobOutcome> RunAsync(JobManifest manifest, IProgress<JobProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Run(manifest, progress, cancellationToken), CancellationToken.None);

    async Task<JobOutcome> Run(JobManifest manifest, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<PlannedJob> jobs;
        try
        {
            RootLock.DemandFree(_root);
            jobs = new Preflight(_root, tasks, _options.ManifestFile).Plan(manifest, out IReadOnlyList<Problem> problems,
                cancellationToken);
            if (problems.Count > 0) return new JobOutcome(JobVerdict.BadInput, [], problems);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new JobOutcome(JobVerdict.Interrupted, [], []);
        }
        catch (ProblemsException e)
        {
            return new JobOutcome(JobVerdict.BadInput, [], e.Problems);
        }
        catch (Exception e) when (e is RootInUseException or RootUnwritableException)
        {
            return new JobOutcome(JobVerdict.Failed, [], [], e.Message);
        }
        try
        {
            using RootLock held = RootLock.Take(_root, _options.Time);
            await using var pipeline = new FolderPipeline(_root, tasks, jobs, _options, progress);
            IReadOnlyList<JobSummary> done = await pipeline.RunAsync(manifest, cancellationToken);
            return new JobOutcome(Verdict(done), done, []);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new JobOutcome(JobVerdict.Interrupted, [], []);
        }
        catch (DbException e)
        {
            string index = FolderPipeline.IndexName;
            return new JobOutcome(JobVerdict.Failed, [], [], $"{Path.Combine(root, index)}, the index of the jobs, can't be "
                + $"used: {SqliteTrouble.Reason(e, Path.Combine(_root, index))}");
        }
        catch (Exception e) when (e is RootInUseException or IOException or UnauthorizedAccessException or IndexUnavailableException)
        {
            return new JobOutcome(JobVerdict.Failed, [], [], FileTrouble.Told(e));
        }
    }

    static JobVerdict Verdict(IReadOnlyList<JobSummary> jobs) =>
        jobs.Any(j => !j.State.IsFinal()) ? JobVerdict.Interrupted
        : jobs.Any(j => !j.State.IsFinished()) ? JobVerdict.Failed
        : jobs.Any(j => j.State is JobState.CompletedWithErrors) ? JobVerdict.DoneWithErrors
        : JobVerdict.Done;
}

/// <summary>What a <see cref="JobRunner"/> can be told beside its work.</summary>
public sealed record JobRunnerOptions
{
    /// <summary>What problems call the manifest: its path as the user gave it.</summary>
    public string ManifestFile { get; init; } = "manifest";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Puts something between the run and its store; tests let the process die there.</summary>
    internal Func<IBlobStore, IBlobStore> Store { get; init; } = static store => store;

    /// <summary>Puts something between the run and its index; tests let the process die there.</summary>
    internal Func<IPipelineIndex, IPipelineIndex> Index { get; init; } = static index => index;
}
