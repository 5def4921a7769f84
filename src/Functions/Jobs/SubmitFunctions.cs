using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Submitting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>Takes manifests: checks, estimates and submits them.</summary>
public sealed class SubmitFunctions(TenantPipeline mine, JobViews views, TimeProvider time)
{
    /// <summary>
    /// <c>POST /api/jobs?priority=&amp;expiresIn=</c>: checks the manifest as a whole and enters its jobs; planning goes on
    /// behind. 202 with the job and its Location; 200 with the first job where the Idempotency-Key was used for the
    /// same manifest, 409 where it was used for another.
    /// </summary>
    [Function("SubmitJob")]
    public async Task<IResult> Submit(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        SubmitResult result = await mine.Jobs.SubmitAsync(await ManifestBody.ReadAsync(request, time, cancellationToken),
            cancellationToken);
        if (result.Outcome is not { } outcome) throw Refuse.BadManifest(result.Problems);
        if (outcome.Status == SubmitStatus.Conflict)
            throw Refuse.Conflict(
                "key-reused", "The idempotency key was used for another request",
                $"The key belongs to the job {outcome.Job.Id}, which was submitted with another manifest or other options; nothing was "
                    + $"stored.");
        HttpResponse response = request.HttpContext.Response;
        response.Headers.Location = $"/api/jobs/{outcome.Job.Id}";
        response.Headers.RetryAfter = "1";
        JobView view = await views.RequireAsync(outcome.Job.Id, cancellationToken);
        return Answer.Json(view, outcome.Status == SubmitStatus.Created ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    /// <summary>
    /// <c>POST /api/jobs/validate</c>: what is wrong with a manifest; 200 where nothing is, else 400 as submitting it would be. Stores
    /// nothing.
    /// </summary>
    [Function("ValidateJob")]
    public async Task<IResult> Validate(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs/validate")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        IReadOnlyList<Problem> problems = await mine.Jobs.ValidateAsync(
            await ManifestBody.ReadAsync(request, time, cancellationToken), cancellationToken);
        if (problems.Count > 0) throw Refuse.BadManifest(problems);
        return Answer.Json(new ValidationView(true));
    }

    /// <summary><c>POST /api/jobs/estimate</c>: what each job of a manifest is expected to take. Stores nothing.</summary>
    [Function("EstimateJob")]
    public async Task<IResult> Estimate(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs/estimate")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        SubmitRequest body = await ManifestBody.ReadAsync(request, time, cancellationToken);
        EstimateView[] jobs =
        [
            .. (await mine.Jobs.EstimateAsync(body, cancellationToken))
                .Select(e => new EstimateView(e.Name, e.Kind, e.Items, e.Units, e.UnitsPerSecond, e.Seconds, e.Basis)),
        ];
        double? seconds = jobs.Length > 0 && jobs.All(j => j.Seconds is not null) ? jobs.Sum(j => j.Seconds) : null;
        return Answer.Json(new EstimatesView(jobs, seconds));
    }
}
