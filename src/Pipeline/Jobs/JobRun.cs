using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>One job's run: claims its output folder, does what is left to do, and says how it ended.</summary>
internal sealed class JobRun(
    string root, PlannedJob job, Preflight preflight, IJobTasks tasks, IJobIndex index, ProgressReporter reporter, JobRunnerOptions options)
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
            reporter.State(JobState.Failed, problems[0].ToString());
            return summary with { State = JobState.Failed, Problems = problems, Error = Problem.Sentence(problems), Elapsed = reporter.Elapsed };
        }
        string fingerprint = job.Fingerprint!.Value;
        summary = summary with { Fingerprint = fingerprint };
        if (job.Status == OutputStatus.Finished) return Unchanged(summary);
        string id = Claim(fingerprint);
        reporter.State(JobState.Running);
        JobResult result = await Work(id, cancellationToken).ConfigureAwait(false);
        if (result.State != JobState.Queued) return Finish(id, summary with { Problems = result.Problems }, result);
        Save(id, JobState.Queued, null);
        reporter.State(JobState.Queued, "interrupted; the same command goes on from here");
        return summary with { State = JobState.Queued, Elapsed = reporter.Elapsed };
    }

    async Task<JobResult> Work(string id, CancellationToken cancellationToken)
    {
        try
        {
            return job.Manifest is SampleManifest
                ? new SampleRun(root, job, tasks, index, reporter, options).Run(id, cancellationToken)
                : await new FolderRun(root, job, tasks, reporter, options).RunAsync(cancellationToken).ConfigureAwait(false);
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
            string kind = e is IOException or UnauthorizedAccessException ? "" : e.GetType().Name + ": ";
            return new JobResult(JobState.Failed) { Error = kind + FileTrouble.Told(e) };
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

    JobSummary Unchanged(JobSummary summary)
    {
        OutputManifest written = OutputManifest.Read(_output)!;
        JobState state = JobStates.Parse(written.State)!.Value;
        // An index that was lost is made anew, as far as the files tell.
        if (index.Find(job.Manifest.Output, summary.Fingerprint!) is not { } row) row = Enter(summary.Fingerprint!);
        if (row.State != state)
        {
            if (row.State != JobState.Queued) index.Transition(row.Id, JobState.Queued);
            index.Transition(row.Id, JobState.Running);
            index.Transition(row.Id, state, null, written.Items);
        }
        // A run that was killed right after its last write.
        Clean();
        reporter.State(state, "finished before, nothing has changed");
        return summary with { State = state, Unchanged = true, Items = written.Items, Warnings = written.Warnings ?? [], Elapsed = reporter.Elapsed };
    }

    string Claim(string fingerprint)
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
        options.Before("index");
        JobRow row = index.Find(job.Manifest.Output, fingerprint) is { } known && Runnable(known) ? known : Enter(fingerprint);
        if (row.State != JobState.Queued) index.Transition(row.Id, JobState.Queued);
        index.Transition(row.Id, JobState.Running);
        return row.Id;
    }

    static bool Runnable(JobRow row) => row.State == JobState.Queued || JobStateMachine.Allows(row.State, JobState.Queued);

    JobRow Enter(string fingerprint)
    {
        var row = new JobRow
        {
            Id = "job_" + Guid.CreateVersion7(options.Time.GetUtcNow()).ToString("N"),
            Name = job.Manifest.Name,
            Kind = job.Manifest.Kind,
            Output = job.Manifest.Output,
            Fingerprint = fingerprint,
            State = JobState.Queued,
        };
        index.Add(row);
        return row;
    }

    JobSummary Finish(string id, JobSummary summary, JobResult result)
    {
        if (result.Metrics.Count > 0)
        {
            options.Before("index");
            index.SaveMetrics(id, result.Metrics);
        }
        if (result.SweepPoints.Count > 0)
        {
            options.Before("index");
            index.SaveSweepPoints(id, result.SweepPoints);
        }
        Save(id, result.State, result);
        if (result.State.IsFinished()) Clean();
        reporter.State(result.State, result.Error);
        return summary with { State = result.State, Items = result.Items, Error = result.Error, Warnings = result.Warnings, Elapsed = reporter.Elapsed };
    }

    // The folder's manifest first: it is what counts, the index follows it.
    void Save(string id, JobState state, JobResult? result)
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
        options.Before("index");
        index.Transition(id, state, result?.Error, result?.Items);
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
