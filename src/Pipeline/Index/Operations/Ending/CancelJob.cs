using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Cancels a job, or all jobs of a pipeline.</summary>
internal static class CancelJob
{
    public static async Task<CancelOutcome> RunAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id).ConfigureAwait(false) is not { } family) return CancelOutcome.Unknown;
        if (family.Job.State.IsFinal()) return IsMine(session, family.Job) ? CancelOutcome.Cancelled : CancelOutcome.Ended;
        if (family.Job.Kind == JobKind.Pipeline) return await PipelineAsync(session, family.Job).ConfigureAwait(false);
        CancelOutcome outcome = await OneAsync(session, family.Job).ConfigureAwait(false);
        await UpdatePipeline.RunAsync(session, family.Pipeline).ConfigureAwait(false);
        return outcome;
    }

    // An earlier try of this call cancelled it.
    static bool IsMine(IndexSession session, JobRow job) => session.Retried && job.State == JobState.Cancelled && Timestamp.Of(job.FinishedAt) == session.Now;

    static async Task<CancelOutcome> PipelineAsync(IndexSession session, JobRow pipeline)
    {
        if (pipeline.State == JobState.Queued) pipeline = await MoveJob.RunAsync(session, pipeline, JobState.Running).ConfigureAwait(false);
        if (pipeline.State == JobState.Running) pipeline = await MoveJob.RunAsync(session, pipeline, JobState.Cancelling).ConfigureAwait(false);
        foreach (JobRow child in await ReadJobs.ChildrenAsync(session, pipeline.Id).ConfigureAwait(false))
        {
            // One that needs another ended with it.
            if (await LockJob.RunAsync(session, child.Id).ConfigureAwait(false) is { } job && !job.State.IsFinal())
                await OneAsync(session, job).ConfigureAwait(false);
        }
        bool ended = await UpdatePipeline.RunAsync(session, pipeline).ConfigureAwait(false);
        return ended ? CancelOutcome.Cancelled : CancelOutcome.Cancelling;
    }

    // What was planned has an output folder that must say so: whoever finalizes it ends the job.
    static async Task<CancelOutcome> OneAsync(IndexSession session, JobRow job)
    {
        if (job.State == JobState.Cancelling) return CancelOutcome.Cancelling;
        if (job.State == JobState.Blocked || job.PlanAttempt == 0)
        {
            await EndJob.RunAsync(session, job, new JobEnd(JobState.Cancelled)).ConfigureAwait(false);
            return CancelOutcome.Cancelled;
        }
        await MoveJob.RunAsync(session, job, JobState.Cancelling).ConfigureAwait(false);
        if ((await SettleTask.OpenAsync(session, job.Id).ConfigureAwait(false)).Running == 0) await Enqueue.FinalizeAsync(session, job.Id).ConfigureAwait(false);
        return CancelOutcome.Cancelling;
    }
}
