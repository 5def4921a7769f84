using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Which jobs a list shows. Without a parent the jobs of pipelines are left out, unless asked for.</summary>
public sealed record JobFilter
{
    /// <summary>One of these states, or any.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>One kind, or any.</summary>
    public JobKind? Kind { get; init; }

    /// <summary>The name, exactly, or any.</summary>
    public string? Name { get; init; }

    /// <summary>The runs of this schedule only, or any.</summary>
    public string? Schedule { get; init; }

    /// <summary>What the name holds somewhere, to the letter, or any.</summary>
    public string? Search { get; init; }

    /// <summary>The jobs of this pipeline only.</summary>
    public string? ParentId { get; init; }

    /// <summary>Whether the jobs of pipelines are shown beside their parents.</summary>
    public bool Children { get; init; }

    /// <summary>Whether it asks for some jobs rather than for all.</summary>
    internal bool IsNarrow => States.Count > 0 || Kind is not null || (Name ?? Schedule ?? Search ?? ParentId) is not null;
}

/// <summary>A page of a list of jobs.</summary>
/// <param name="Jobs">The jobs, the newest first.</param>
/// <param name="Next">What to pass for the next page, or null at the end. Jobs that come in between don't move it.</param>
public sealed record JobPage(IReadOnlyList<JobRow> Jobs, string? Next);

/// <summary>Jobs in SQL: here reading them, in the files beside it what changes them.</summary>
internal sealed partial class JobIndex(IndexDatabase database) : IJobIndex
{
    const string ById = JobRow.Select + " where j.id = @id";

    const string ByParent = JobRow.Select + " where j.parent_id = @id";

    const string Needs = "select needs_id from job_dependencies where job_id = @id order by needs_id";

    const string Finished = "select count(*) from jobs where output = @output and fingerprint = @fingerprint and state in ('completed', "
        + "'completedWithErrors')";

    /// <inheritdoc/>
    public Task<JobRow?> GetAsync(string job, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => GetAsync(s, job), cancellationToken);

    /// <summary>A job, or null.</summary>
    public static Task<JobRow?> GetAsync(IndexSession session, string id) =>
        session.FirstAsync<JobRow>(ById + session.Own("j.tenant"), new { id });

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobRow>> ChildrenAsync(string pipeline, CancellationToken cancellationToken = default) =>
        database.ReadAsync(s => ChildrenAsync(s, pipeline), cancellationToken);

    static Task<IReadOnlyList<JobRow>> ChildrenAsync(IndexSession session, string id) =>
        session.ListAsync<JobRow>(ByParent + session.Own("j.tenant") + " order by j.place", new { id });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> NeedsAsync(string job, CancellationToken cancellationToken = default) =>
        database.ReadAsync(async s => await s.ListAsync<string>(Needs, new { id = await OwnJob.RunAsync(s, job) }), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ArtifactRow>> ArtifactsAsync(string job, CancellationToken cancellationToken = default) =>
        database.ReadAsync(async s => await s.ListAsync<ArtifactRow>(ArtifactRow.OfJob, new { job = await OwnJob.RunAsync(s, job) }),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> HasFinishedAsync(string output, string fingerprint, CancellationToken cancellationToken = default) =>
        database.ReadAsync(async s => await s.ScalarAsync<long>(Finished + s.Own("tenant"), new { output, fingerprint }) > 0,
            cancellationToken);

    /// <inheritdoc/>
    public Task<JobPage> ListAsync(JobFilter filter, string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return database.ReadAsync(s => ListAsync(s, filter, cursor, limit), cancellationToken);
    }

    // Ids are ordered in time, so that a page goes on after the last id of the one before, whatever came in between.
    static async Task<JobPage> ListAsync(IndexSession session, JobFilter filter, string? cursor, int limit)
    {
        var where = new List<string>();
        if (cursor is not null) where.Add("j.id < @cursor");
        if (filter.States.Count > 0) where.Add("j.state in " + SqlList.Of(filter.States));
        if (filter.Kind is not null) where.Add("j.kind = @kind");
        if (filter.Name is not null) where.Add("j.name = @name");
        if (filter.Schedule is not null) where.Add("j.schedule = @schedule");
        if (filter.Search is not null) where.Add("j.name like @search escape '!'");
        if (filter.ParentId is not null) where.Add("j.parent_id = @parent");
        // Not by the index of parents: most jobs have none, and in the order of their ids the first of a page are found at once.
        else if (!filter.Children) where.Add("coalesce(j.parent_id, '') = ''");
        // Nor by that of tenants, where something is asked for that narrows more.
        if (session.Tenant is not null) where.Add((filter.IsNarrow ? "coalesce(j.tenant, '')" : "j.tenant") + " = @tenant");
        string condition = where.Count == 0 ? "" : " where " + string.Join(" and ", where);
        // The page's ids first: what is sorted, where a filter finds many, is ids and not whole jobs with their manifests.
        string page = $"{JobRow.Select} where j.id in (select j.id from jobs "
            + $"j{condition} order by j.id desc limit @limit) order by j.id desc";
        IReadOnlyList<JobRow> jobs = await session.ListAsync<JobRow>(page, new
        {
            cursor,
            kind = filter.Kind is { } kind ? EnumText.Of(kind) : null,
            name = filter.Name,
            schedule = filter.Schedule,
            search = filter.Search is { } part ? $"%{Literal(part)}%" : null,
            parent = filter.ParentId,
            limit = limit + 1L,
        });
        return jobs.Count <= limit ? new JobPage(jobs, null) : new JobPage([.. jobs.Take(limit)], jobs[limit - 1].Id);
    }

    // A text in which LIKE finds no wildcards.
    static string Literal(string text) =>
        text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal)
            .Replace("_", "!_", StringComparison.Ordinal);
}
