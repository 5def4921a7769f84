using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Readies the jobs that need a job which ended, or ends them too.</summary>
internal static class AdvanceDependents
{
    const string Waiting = """
        select d.job_id from job_dependencies d join jobs j on j.id = d.job_id
        where d.needs_id = @id and j.state = 'blocked' order by d.job_id
        """;

    const string Needs = """
        select j.name as Name, j.state as State from job_dependencies d join jobs j on j.id = d.needs_id
        where d.job_id = @id order by j.place, j.id
        """;

    /// <summary>All that wait for the job.</summary>
    public static async Task RunAsync(IndexSession session, string id)
    {
        foreach (string waiting in await session.ListAsync<string>(Waiting, new { id }))
        {
            if (await LockJob.RunAsync(session, waiting) is { State: JobState.Blocked } job)
                await OneAsync(session, job);
        }
    }

    /// <summary>A locked blocked job: queued where all that it needs is finished, ended where some of it can't be. Returns whether it changed.</summary>
    public static async Task<bool> OneAsync(IndexSession session, JobRow job)
    {
        List<Need> needs = await session.ListAsync<Need>(Needs, new { id = job.Id });
        foreach (JobState end in (JobState[])[JobState.Failed, JobState.Cancelled, JobState.Expired])
        {
            if (needs.Find(n => n.State == end) is not { } lost) continue;
            await EndJob.RunAsync(session, job, new JobEnd(end) { Error = Sentence(lost) });
            return true;
        }
        if (!needs.TrueForAll(n => n.State.IsFinished())) return false;
        await MoveJob.RunAsync(session, job, JobState.Queued);
        await Enqueue.PlanAsync(session, job.Id);
        return true;
    }

    static string Sentence(Need lost) => lost.State switch
    {
        JobState.Failed => $"It needs the output of {lost.Name}, which failed.",
        JobState.Cancelled => $"It needs the output of {lost.Name}, which was cancelled.",
        _ => $"It needs the output of {lost.Name}, which expired.",
    };

    sealed record Need
    {
        public string Name { get; init; } = "";

        public JobState State { get; init; }
    }
}
