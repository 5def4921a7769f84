using System.Data.Common;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>
/// Runs manifests in this process on a folder. A run resumes what was interrupted and redoes nothing that is finished
/// and unchanged; bad input is found before anything is written.
/// </summary>
/// <param name="root">The storage root: an existing folder.</param>
/// <param name="tasks">The work itself.</param>
/// <param name="options">Further settings.</param>
public sealed class JobRunner(string root, IJobTasks tasks, JobRunnerOptions? options = null)
{
    const string IndexName = "dbatch.db";

    readonly string _root = RealPath.Full(root);
    readonly JobRunnerOptions _options = options ?? new();

    /// <summary>Says all that is wrong with a manifest's inputs, models and outputs, as far as it can be told before any work; writes nothing.</summary>
    public IReadOnlyList<Problem> Check(JobManifest manifest, CancellationToken cancellationToken = default)
    {
        new Preflight(_root, tasks, _options.ManifestFile).Plan(manifest, out IReadOnlyList<Problem> problems, cancellationToken);
        return problems;
    }

    /// <summary>Runs a manifest. Errors of jobs and bad input are told by the outcome, not thrown.</summary>
    /// <param name="manifest">A job, or a pipeline of them.</param>
    /// <param name="progress">Takes what happens, from any thread.</param>
    /// <param name="cancellationToken">Stops the run within seconds; what is done is kept, and the next run goes on from there.</param>
    public Task<JobOutcome> RunAsync(JobManifest manifest, IProgress<JobProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Run(manifest, progress, cancellationToken), CancellationToken.None);

    async Task<JobOutcome> Run(JobManifest manifest, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        var preflight = new Preflight(_root, tasks, _options.ManifestFile);
        IReadOnlyList<PlannedJob> jobs;
        try
        {
            RootLock.DemandFree(_root);
            jobs = preflight.Plan(manifest, out IReadOnlyList<Problem> problems, cancellationToken);
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
            _options.Before("lock");
            using RootLock held = RootLock.Take(_root, _options.Time);
            OutputFolder.EmptyTrash(_root);
            _options.Before("index");
            using var index = new SqlJobIndex(new SqliteDialect(Path.Combine(_root, IndexName)), _options.Time, RootLock.Me);
            index.TakeOver();
            var done = new Dictionary<string, JobSummary>(StringComparer.Ordinal);
            foreach (PlannedJob job in jobs) done[job.Manifest.Name] = await Run(job, preflight, index, done, progress, cancellationToken).ConfigureAwait(false);
            return new JobOutcome(Verdict(done.Values), [.. done.Values], []);
        }
        catch (DbException e)
        {
            return new JobOutcome(JobVerdict.Failed, [], [], $"{Path.Combine(root, IndexName)}, the index of the jobs, can't be used: {SqliteTrouble.Reason(e, Path.Combine(_root, IndexName))}");
        }
        catch (Exception e) when (e is RootInUseException or IOException or UnauthorizedAccessException)
        {
            return new JobOutcome(JobVerdict.Failed, [], [], FileTrouble.Told(e));
        }
    }

    async Task<JobSummary> Run(
        PlannedJob job,
        Preflight preflight,
        IJobIndex index,
        Dictionary<string, JobSummary> done,
        IProgress<JobProgress>? progress,
        CancellationToken cancellationToken)
    {
        var reporter = new ProgressReporter(job, progress, _options.Time);
        var summary = new JobSummary(job.Manifest.Name, job.Kind, JobState.Blocked, job.Manifest.Output);
        if (job.DependsOn.FirstOrDefault(name => done[name].State is JobState.Failed) is { } failed)
        {
            string error = $"It needs the output of {failed}, which failed.";
            reporter.State(JobState.Failed, error);
            return summary with { State = JobState.Failed, Error = error };
        }
        if (job.DependsOn.Any(name => !done[name].State.IsFinished())) return summary;
        if (cancellationToken.IsCancellationRequested) return summary with { State = JobState.Queued };
        return await new JobRun(_root, job, preflight, tasks, index, reporter, _options).RunAsync(summary, cancellationToken).ConfigureAwait(false);
    }

    static JobVerdict Verdict(IReadOnlyCollection<JobSummary> jobs) =>
        jobs.Any(j => j.State is JobState.Queued or JobState.Blocked) ? JobVerdict.Interrupted
        : jobs.Any(j => j.State is JobState.Failed) ? JobVerdict.Failed
        : jobs.Any(j => j.State is JobState.CompletedWithErrors) ? JobVerdict.DoneWithErrors
        : JobVerdict.Done;
}
