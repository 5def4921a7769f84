using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Cli.Remote;

/// <summary>Turns what the API says of a job into what the progress displays show; of a pipeline, each of its jobs.</summary>
internal static class JobProgresses
{
    /// <summary>Reports a job, or a pipeline's jobs that have begun.</summary>
    public static void Report(IProgress<JobProgress> progress, JobView job)
    {
        foreach (JobView one in job.Jobs ?? [job])
            if (one.State != JobState.Blocked) progress.Report(Of(one));
    }

    /// <summary>A job's progress.</summary>
    public static JobProgress Of(JobView job)
    {
        JobProgressView? now = job.Progress;
        return new JobProgress(job.Name, EnumText.Of(job.Kind), job.State, now?.Phase ?? PhaseBetweenTasks(job), now?.Done ?? 0, now?.Total
            ?? 0, now?.Unit ?? "",
            now?.Figures ?? new Dictionary<string, double>(), TimeSpan.FromSeconds(job.Seconds ?? 0), now?.SecondsLeft is { } left
                ? TimeSpan.FromSeconds(left)
                : null);
    }

    // No task runs right now: none was there yet, none is claimed (workers are restarted, or have other work), or all are done.
    static string PhaseBetweenTasks(JobView job) => (job.State, job.Progress) switch
    {
        (JobState.Running, null or { Done: 0 }) => "planning",
        (JobState.Running, { Done: var done, Total: var total }) => done < total ? "waiting" : "finishing",
        _ => job.State.Name(),
    };
}
