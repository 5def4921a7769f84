using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Cancels a job, or all jobs of a pipeline.</summary>
internal static class CancelJob
{
    public static async Task<CancelOutcome> RunAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { } family) return CancelOutcome.Unknown;
        if (family.Job.State.IsFinal()) return IsMine(session, family.Job) ? CancelOutcome.Cancelled : CancelOutcome.Ended;
        if (family.Job.Kind == JobKind.Pipeline) return await PipelineAsync(session, family.Job);
        CancelOutcome outcome = await OneAsync(session, family.Job);
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return outcome;
    }

    // An earlier try of this call cancelled it.
    static bool IsMine(IndexSession session, JobRow job) => session.Retried && job.State == JobState.Cancelled && Timestamp.Of(job.FinishedAt) == session.Now;

    static async Task<CancelOutcome> PipelineAsync(IndexSession session, JobRow pipeline)
    {
        if (pipeline.State == JobState.Queued) pipeline = await MoveJob.RunAsync(session, pipeline, JobState.Running);
        if (pipeline.State == JobState.Running) pipeline = await MoveJob.RunAsync(session, pipeline, JobState.Cancelling);
        foreach (JobRow child in await ReadJobs.ChildrenAsync(session, pipeline.Id))
        {
            // One that needs another ended with it.
            if (await LockJob.RunAsync(session, child.Id) is { } job && !job.State.IsFinal())
                await OneAsync(session, job);
        }
        bool ended = await UpdatePipeline.RunAsync(session, pipeline);
        return ended ? CancelOutcome.Cancelled : CancelOutcome.Cancelling;
    }

    // What was planned has an output folder that must say so: whoever finalizes it ends the job.
    static async Task<CancelOutcome> OneAsync(IndexSession session, JobRow job)
    {
        if (job.State == JobState.Cancelling) return CancelOutcome.Cancelling;
        if (job.State == JobState.Blocked || job.PlanAttempt == 0)
        {
            await EndJob.RunAsync(session, job, new JobEnd(JobState.Cancelled));
            return CancelOutcome.Cancelled;
        }
        await MoveJob.RunAsync(session, job, JobState.Cancelling);
        if ((await SettleTask.OpenAsync(session, job.Id)).Running == 0) await Enqueue.FinalizeAsync(session, job.Id);
        return CancelOutcome.Cancelling;
    }
}
