using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>Makes the API's views of jobs from the index.</summary>
public sealed class JobViews(TenantPipeline mine, TimeProvider time)
{
    readonly IJobIndex _index = mine.Index.Jobs;

    /// <summary>A job with its progress and, for a pipeline, its jobs.</summary>
    /// <exception cref="ApiException">404: there is none.</exception>
    public async Task<JobView> RequireAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) ?? throw Refuse.UnknownJob(id);

    /// <summary>A job with its progress and, for a pipeline, its jobs; null where there is none.</summary>
    public async Task<JobView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await _index.GetAsync(id, cancellationToken) is not { } job) return null;
        JobView view = await WithFiguresAsync(job, cancellationToken);
        if (job.Kind != JobKind.Pipeline) return view with { Needs = OrNull(await _index.NeedsAsync(id, cancellationToken)) };
        var jobs = new List<JobView>();
        foreach (JobRow child in await _index.ChildrenAsync(id, cancellationToken))
            jobs.Add(await WithFiguresAsync(child, cancellationToken));
        return view with { Jobs = jobs };
    }

    /// <summary>A job's row.</summary>
    /// <exception cref="ApiException">404: there is none.</exception>
    public async Task<JobRow> RowAsync(string id, CancellationToken cancellationToken) =>
        await _index.GetAsync(id, cancellationToken) ?? throw Refuse.UnknownJob(id);

    /// <summary>A job without its tasks' progress.</summary>
    public JobView Of(JobRow job) => new()
    {
        Id = job.Id,
        Name = job.Name,
        Kind = job.Kind,
        State = job.State,
        Priority = job.Priority,
        Output = OrNull(job.Output),
        Pipeline = job.ParentId,
        Schedule = job.Schedule,
        ScheduledFor = job.ScheduledFor,
        Fingerprint = OrNull(job.Fingerprint),
        Items = job.ItemsTotal is null ? null : new ItemsView(job.ItemsTotal, job.ItemsSucceeded ?? 0, job.ItemsErrored ?? 0),
        EstimateSeconds = job.EstimateSeconds,
        Seconds = job.StartedAt is { } start ? Math.Round(((job.FinishedAt ?? time.GetUtcNow()) - start).TotalSeconds, 3) : null,
        Error = job.Error,
        Problems = job.Problems.Count > 0 ? Refuse.Errors(job.Problems) : null,
        Warnings = OrNull(job.Warnings),
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        FinishedAt = job.FinishedAt,
        ExpiresAt = job.ExpiresAt,
    };

    async Task<JobView> WithFiguresAsync(JobRow job, CancellationToken cancellationToken)
    {
        JobView view = Of(job);
        JobFigures figures = await _index.FiguresAsync(job.Id, cancellationToken);
        return view with
        {
            Tasks = figures.Tasks.Count > 0 ? figures.Tasks : null,
            Items = job.FinishedAt is null && job.ItemsTotal is not null
                ? new ItemsView(job.ItemsTotal, figures.ItemsSucceeded, figures.ItemsErrored)
                : view.Items,
            Progress = figures.Total > 0 || figures.Done > 0 ? Progress(job, figures) : null,
        };
    }

    static JobProgressView Progress(JobRow job, JobFigures figures)
    {
        double? left = job.State == JobState.Running && figures.Rate is > 0 and var rate && figures.Total > figures.Done
            ? Math.Round((figures.Total - figures.Done) / rate, 1)
            : null;
        return new JobProgressView(
            figures.Done, figures.Total, figures.Unit, job.State.IsFinal() ? null : figures.Phase,
            figures.Rate is { } r ? Math.Round(r, 3) : null, left, figures.Figures.Count > 0 ? figures.Figures : null);
    }

    static string? OrNull(string text) => text.Length > 0 ? text : null;

    static IReadOnlyList<string>? OrNull(IReadOnlyList<string> list) => list.Count > 0 ? list : null;
}
