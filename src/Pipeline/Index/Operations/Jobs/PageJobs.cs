using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>
/// A page of jobs, the newest first. Ids are ordered in time, so that a page goes on after the last id of the one
/// before, whatever came in between.
/// </summary>
internal static class PageJobs
{
    public static async Task<JobPage> RunAsync(IndexSession session, JobFilter filter, string? cursor, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var where = new List<string>();
        if (cursor is not null) where.Add("j.id < @cursor");
        if (filter.States.Count > 0) where.Add("j.state in " + SqlList.Of(filter.States));
        if (filter.Kind is not null) where.Add("j.kind = @kind");
        if (filter.Name is not null) where.Add("j.name = @name");
        if (filter.ParentId is not null) where.Add("j.parent_id = @parent");
        else if (!filter.Children) where.Add("j.parent_id is null");
        string condition = where.Count == 0 ? "" : " where " + string.Join(" and ", where);
        List<JobRow> jobs = await session.ListAsync<JobRow>(JobColumns.Select + condition + " order by j.id desc limit @limit", new
        {
            cursor,
            kind = filter.Kind is { } kind ? EnumText.Of(kind) : null,
            name = filter.Name,
            parent = filter.ParentId,
            limit = limit + 1L,
        });
        return jobs.Count <= limit ? new JobPage(jobs, null) : new JobPage(jobs[..limit], jobs[limit - 1].Id);
    }
}
