using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Moves what waits for jobs that have ended: blocked jobs, and pipelines.</summary>
internal static class AdvanceBlocked
{
    const string Blocked = """
        select j.id from jobs j
        where j.state = 'blocked' and (
            not exists (
                select 1 from job_dependencies d join jobs n on n.id = d.needs_id
                where d.job_id = j.id and n.state not in ('completed', 'completedWithErrors'))
            or exists (
                select 1 from job_dependencies d join jobs n on n.id = d.needs_id
                where d.job_id = j.id and n.state in ('failed', 'cancelled', 'expired')))
        order by j.id
        """;

    const string Pipelines = """
        select p.id from jobs p
        where p.kind = 'pipeline' and p.finished_at is null and not exists (
            select 1 from jobs j where j.parent_id = p.id and j.finished_at is null)
        order by p.id
        """;

    /// <summary>The jobs to look at.</summary>
    public static async Task<List<string>> JobsAsync(IndexSession session) =>
        [.. await session.ListAsync<string>(Blocked), .. await session.ListAsync<string>(Pipelines)];

    /// <summary>One of them; 1 where it changed.</summary>
    public static async Task<int> RunAsync(IndexSession session, string id)
    {
        if (await LockJob.WithPipelineAsync(session, id) is not { } family) return 0;
        if (family.Job.Kind == JobKind.Pipeline) return await UpdatePipeline.RunAsync(session, family.Job) ? 1 : 0;
        if (family.Job.State != JobState.Blocked || !await AdvanceDependents.OneAsync(session, family.Job)) return 0;
        await UpdatePipeline.RunAsync(session, family.Pipeline);
        return 1;
    }
}
