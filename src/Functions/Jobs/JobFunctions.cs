using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Submitting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>Shows jobs and cancels them.</summary>
public sealed class JobFunctions(TenantPipeline mine, JobViews views)
{
    const int MostListed = 500, Listed = 50;

    /// <summary>
    /// <c>GET /api/jobs</c>: the newest first; filters <c>state</c> (several by commas), <c>kind</c>, <c>name</c>, <c>schedule</c>,
    /// <c>pipeline</c>,
    /// <c>children=true</c>; pages by <c>limit</c> and <c>cursor</c>.
    /// </summary>
    [Function("ListJobs")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var filter = new JobFilter
        {
            States = Query.Words<JobState>(request, "state"),
            Kind = Query.Word<JobKind>(request, "kind"),
            Name = Query.Text(request, "name"),
            Schedule = Query.Text(request, "schedule"),
            Search = Query.Text(request, "search"),
            ParentId = Query.Text(request, "pipeline"),
            Children = Query.Flag(request, "children"),
        };
        JobPage page = await mine.Index.Jobs.ListAsync(
            filter, Cursor(request), Query.Number(request, "limit", 1, MostListed, Listed), cancellationToken);
        return Answer.Json(new JobListView([.. page.Jobs.Select(views.Of)], page.Next));
    }

    /// <summary>
    /// <c>GET /api/jobs/{id}</c>: with progress, tasks by state, time left, estimate and actual time, problems; a pipeline with its jobs.
    /// </summary>
    [Function("GetJob")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        Answer.Tagged(await views.RequireAsync(id, cancellationToken));

    /// <summary>
    /// <c>DELETE /api/jobs/{id}</c>: cancels; what is finished stays. 202 while workers are being stopped, 409 where it has ended
    /// otherwise.
    /// </summary>
    [Function("CancelJob")]
    public async Task<IResult> Cancel(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/jobs/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        CancelOutcome outcome = await mine.Jobs.CancelAsync(id, cancellationToken);
        if (outcome == CancelOutcome.Unknown) throw Refuse.UnknownJob(id);
        JobView view = await views.RequireAsync(id, cancellationToken);
        if (outcome == CancelOutcome.Ended && view.State != JobState.Cancelled)
            throw Refuse.Conflict("ended", "The job has ended", $"The job {id} is {view.State.Name()} already and can't be cancelled.");
        return Answer.Json(view, outcome == CancelOutcome.Cancelling ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    /// <summary>
    /// <c>POST /api/jobs/{id}/retry</c>: tries a failed job again; what is done of it stays. 409 where it hasn't failed, or failed before
    /// it had tasks.
    /// </summary>
    [Function("RetryJob")]
    public async Task<IResult> Retry(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs/{id}/retry")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        await views.RowAsync(id, cancellationToken);
        if (!await mine.Jobs.RetryAsync(id, cancellationToken))
            throw Refuse.Conflict(
                "not-retried", "There is nothing to try again",
                $"The job {id} hasn't failed, or has no task that could be tried again; submit its manifest anew (GET "
                    + $"/api/jobs/{id}/manifest).");
        return Answer.Json(await views.RequireAsync(id, cancellationToken), StatusCodes.Status202Accepted);
    }

    /// <summary><c>GET /api/jobs/{id}/manifest</c>: what was submitted, as JSON; of a pipeline's job, its own part.</summary>
    [Function("JobManifest")]
    public async Task<IResult> Manifest(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs/{id}/manifest")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        JobRow job = await views.RowAsync(id, cancellationToken);
        return job.Manifest is { } manifest ? Results.Content(manifest, "application/json")
            : throw Refuse.Conflict("no-manifest", "The manifest isn't kept",
                $"The job {id} was entered by a version that kept no manifests.");
    }

    static string? Cursor(HttpRequest request) => Query.Text(request, "cursor") is not { } cursor ? null
        : cursor.StartsWith("job_", StringComparison.Ordinal) ? cursor
        : throw Refuse.BadParameter("cursor", "The cursor isn't one that this API gave out; take it from \"next\" of the page before.");
}
