using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>One job's run: claims its output folder, does what is left to do, and says how it ended.</summary>
internal sealed class JobRun(
    string root, string id, PlannedJob job, Preflight preflight, IJobTasks tasks, LocalIndex index, ProgressReporter reporter, JobRunnerOptions options)
{
    readonly string _output = Path.Combine(root, job.Manifest.Output);

    /// <summary>Runs the job. Whatever goes wrong with it is told by the summary.</summary>
    public async Task<JobSummary> RunAsync(JobSummary summary, CancellationToken cancellationToken)
    {
        IReadOnlyList<Problem> problems;
        try
        {
            problems = Prepare(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return summary with { State = JobState.Queued };
        }
        if (problems.Count > 0)
        {
            await index.FailAsync(id, Problem.Sentence(problems), problems).ConfigureAwait(false);
            reporter.State(JobState.Failed, problems[0].ToString());
            return summary with { State = JobState.Failed, Problems = problems, Error = Problem.Sentence(problems), Elapsed = reporter.Elapsed };
        }
        string fingerprint = job.Fingerprint!.Value;
        summary = summary with { Fingerprint = fingerprint };
        if (job.Status == OutputStatus.Finished) return await UnchangedAsync(summary).ConfigureAwait(false);
        Claim(fingerprint);
        await index.PlanAsync(id, job).ConfigureAwait(false);
        reporter.State(JobState.Running);
        JobResult result = await Work(cancellationToken).ConfigureAwait(false);
        if (result.State != JobState.Queued) return await FinishAsync(summary with { Problems = result.Problems }, result).ConfigureAwait(false);
        Save(JobState.Queued, null);
        await index.GiveBackAsync(id).ConfigureAwait(false);
        reporter.State(JobState.Queued, "interrupted; the same command goes on from here");
        return summary with { State = JobState.Queued, Elapsed = reporter.Elapsed };
    }

    async Task<JobResult> Work(CancellationToken cancellationToken)
    {
        try
        {
            return job.Manifest is SampleManifest
                ? await new SampleRun(root, id, job, tasks, index, reporter, options).RunAsync(cancellationToken).ConfigureAwait(false)
                : await new FolderRun(root, id, job, tasks, index, reporter, options).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new JobResult(JobState.Queued);
        }
        catch (ProblemsException e)
        {
            return new JobResult(JobState.Failed) { Error = Problem.Sentence(e.Problems), Problems = e.Problems };
        }
#pragma warning disable CA1031 // Whatever a task throws fails its job, not the jobs beside it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            string kind = e is IOException or UnauthorizedAccessException or TaskFailedException ? "" : e.GetType().Name + ": ";
            return new JobResult(JobState.Failed) { Error = kind + e.Message };
        }
    }

    // What the plan couldn't check yet, because another job had to make it first.
    IReadOnlyList<Problem> Prepare(CancellationToken cancellationToken)
    {
        if (job.Fingerprint is not null) return [];
        try
        {
            return preflight.Check(job, new HashSet<string>(), cancellationToken);
        }
        catch (ProblemsException e)
        {
            return e.Problems;
        }
    }

    async Task<JobSummary> UnchangedAsync(JobSummary summary)
    {
        OutputManifest written = OutputManifest.Read(_output)!;
        JobState state = JobStates.Parse(written.State)!.Value;
        // An index that was lost is made anew, as far as the files tell.
        await index.AdoptAsync(id, job, written).ConfigureAwait(false);
        // A run that was killed right after its last write.
        Clean();
        reporter.State(state, "finished before, nothing has changed");
        return summary with { State = state, Unchanged = true, Items = written.Items, Warnings = written.Warnings ?? [], Elapsed = reporter.Elapsed };
    }

    void Claim(string fingerprint)
    {
        if (job.Status == OutputStatus.Replaceable)
        {
            options.Before("replace");
            OutputFolder.Remove(root, _output);
        }
        options.Before("output");
        Directory.CreateDirectory(_output);
        OutputManifest? written = OutputManifest.Read(_output);
        Write(new OutputManifest
        {
            Fingerprint = fingerprint,
            Kind = job.Kind,
            State = JobState.Running.Name(),
            StartedAt = written?.StartedAt ?? options.Time.GetUtcNow(),
            Items = written?.Items,
            Cells = written?.Cells,
            Sources = job.Fingerprint!.Sources,
        });
    }

    async Task<JobSummary> FinishAsync(JobSummary summary, JobResult result)
    {
        // The folder's manifest first: it is what counts, the index follows it.
        Save(result.State, result);
        if (result.State == JobState.Failed && result.Items is null) await index.FailAsync(id, result.Error!, result.Problems).ConfigureAwait(false);
        else await index.FinishAsync(id, job.Manifest, result).ConfigureAwait(false);
        if (result.State.IsFinished()) Clean();
        reporter.State(result.State, result.Error);
        return summary with { State = result.State, Items = result.Items, Error = result.Error, Warnings = result.Warnings, Elapsed = reporter.Elapsed };
    }

    void Save(JobState state, JobResult? result)
    {
        OutputManifest written = OutputManifest.Read(_output) ?? throw new IOException($"{job.Manifest.Output}/{OutputManifest.FileName} is gone: something else deleted it.");
        Write(written with
        {
            State = state.Name(),
            FinishedAt = state.IsFinal() ? options.Time.GetUtcNow() : null,
            Items = result?.Items ?? written.Items,
            Cells = result?.Cells ?? written.Cells,
            Error = result?.Error,
            Warnings = result is { Warnings.Count: > 0 } ? result.Warnings : null,
            Kernels = Kernels(written.Kernels),
        });
    }

    // Those of a run before an interruption, on another machine perhaps, count too; an evaluation makes no tensors.
    IReadOnlyList<string>? Kernels(IReadOnlyList<string>? before) =>
        job.Manifest is EvaluateManifest || tasks.Kernels is not { } own ? before : [.. (before ?? []).Append(own).Distinct().Order(StringComparer.Ordinal)];

    void Clean()
    {
        string work = Path.Combine(_output, OutputManifest.WorkFolder);
        if (!Directory.Exists(work)) return;
        options.Before("clean");
        Directory.Delete(work, recursive: true);
    }

    void Write(OutputManifest manifest)
    {
        options.Before("manifest");
        manifest.Write(_output);
    }
}
