using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Ends a job, exactly once.</summary>
internal static class FinishJob
{
    public static async Task<bool> RunAsync(IndexSession session, string id, JobEnd end)
    {
        if (!end.State.IsFinal()) throw new ArgumentException($"{end.State.Name()} is no end.", nameof(end));
        JobFamily family = await LockJob.WithPipelineAsync(session, id).ConfigureAwait(false) ?? throw new InvalidOperationException($"There is no job {id}.");
        // Ended by an earlier try of this call, or by another.
        if (family.Job.State.IsFinal()) return session.Retried && family.Job.State == end.State && Timestamp.Of(family.Job.FinishedAt) == session.Now;
        await EndJob.RunAsync(session, family.Job, end).ConfigureAwait(false);
        await UpdatePipeline.RunAsync(session, family.Pipeline).ConfigureAwait(false);
        return true;
    }
}
