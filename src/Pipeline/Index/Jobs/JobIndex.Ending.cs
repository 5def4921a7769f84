using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What became of a request to cancel.</summary>
public enum CancelOutcome
{
    /// <summary>There is no such job.</summary>
    Unknown,

    /// <summary>It has ended already; nothing was changed.</summary>
    Ended,

    /// <summary>It is cancelled: nothing worked on it.</summary>
    Cancelled,

    /// <summary>It is being stopped.</summary>
    Cancelling,
}

// Ending jobs, and cancelling them.
internal sealed partial class JobIndex
{
    /// <inheritdoc/>
    public Task<bool> FinishAsync(string job, JobEnd end, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => FinishAsync(s, job, end), cancellationToken);

    static async Task<bool> FinishAsync(IndexSession session, string id, JobEnd end)
    {
        if (!end.State.IsFinal()) throw new ArgumentException($"{end.State.Name()} is no end.", nameof(end));
        JobFamily family = await LockJob.WithPipelineAsync(session, id) ?? throw new InvalidOperationException($"There is no job {id}.");
        // Ended by an earlier try of this call, or by another.
        if (family.Job.State.IsFinal()) return session.Retried && family.Job.State == end.State
            && Timestamp.Of(family.Job.FinishedAt) == session.Now;
        await EndJob.RunAsync(session, family.Job, end);
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return true;
    }

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync(string job, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => CancelAsync(s, job), cancellationToken);

    /// <summary>The same within a transaction.</summary>
    public static async Task<CancelOutcome> CancelAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { } family) return CancelOutcome.Unknown;
        if (family.Job.State.IsFinal()) return IsMine(session, family.Job) ? CancelOutcome.Cancelled : CancelOutcome.Ended;
        if (family.Job.Kind == JobKind.Pipeline) return await CancelPipelineAsync(session, family.Job);
        CancelOutcome outcome = await CancelOneAsync(session, family.Job);
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return outcome;
    }

    // An earlier try of this call cancelled it.
    static bool IsMine(IndexSession session, JobRow job) =>
        session.Retried && job.State == JobState.Cancelled && Timestamp.Of(job.FinishedAt) == session.Now;

    static async Task<CancelOutcome> CancelPipelineAsync(IndexSession session, JobRow pipeline)
    {
        if (pipeline.State == JobState.Queued) pipeline = await MoveJob.RunAsync(session, pipeline, JobState.Running);
        if (pipeline.State == JobState.Running) pipeline = await MoveJob.RunAsync(session, pipeline, JobState.Cancelling);
        foreach (JobRow child in await ChildrenAsync(session, pipeline.Id))
        {
            // One that needs another ended with it.
            if (await LockJob.RunAsync(session, child.Id) is { } job && !job.State.IsFinal())
                await CancelOneAsync(session, job);
        }
        bool ended = await UpdatePipeline.RunAsync(session, pipeline);
        return ended ? CancelOutcome.Cancelled : CancelOutcome.Cancelling;
    }

    // What was planned has an output folder that must say so: whoever finalizes it ends the job.
    static async Task<CancelOutcome> CancelOneAsync(IndexSession session, JobRow job)
    {
        if (job.State == JobState.Cancelling) return CancelOutcome.Cancelling;
        if (job.State == JobState.Blocked || job.PlanAttempt == 0)
        {
            await EndJob.RunAsync(session, job, new JobEnd(JobState.Cancelled));
            return CancelOutcome.Cancelled;
        }
        await MoveJob.RunAsync(session, job, JobState.Cancelling);
        if ((await TaskRows.OpenAsync(session, job.Id)).Running == 0) await Enqueue.FinalizeAsync(session, job.Id);
        return CancelOutcome.Cancelling;
    }
}
