using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
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

/// <summary>A sampling job's result lines.</summary>
public sealed class ResultFunctions(JobViews views, TenantPipeline mine)
{
    /// <summary>
    /// <c>GET /api/jobs/{id}/results?cell=</c>: the cell's lines as JSONL in the order of the input; while the job runs,
    /// those of the parts that are finished. Header <c>X-Results-Complete</c> says whether that is all.
    /// </summary>
    [Function("JobResults")]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs/{id}/results")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        JobRow job = await views.RowAsync(id, cancellationToken);
        if (job.Kind != JobKind.Sample)
        {
            throw Refuse.Conflict("no-results", "The job has no result lines", job.Kind == JobKind.Pipeline
                ? $"{id} is a pipeline; ask for the results of its sample jobs (GET /api/jobs/{id} lists them)."
                : $"{id} is of the kind {EnumText.Of(job.Kind)}; its files are listed by GET /api/files?prefix={job.Output}/.");
        }
        string cell = Cell(request, job);
        bool there = await mine.Results.AreThereAsync(job, cancellationToken);
        request.HttpContext.Response.Headers["X-Results-Cell"] = cell;
        request.HttpContext.Response.Headers["X-Results-Complete"] = there && job.State.IsFinished() ? "true" : "false";
        return Answer.Stream(
            request, "application/x-ndjson", (body, token) => there ? mine.Results.CopyAsync(job, cell, body, token) : Task.CompletedTask,
            cancellationToken);
    }

    static string Cell(HttpRequest request, JobRow job)
    {
        IReadOnlyList<string> cells = JobResults.Cells(job);
        string? asked = Query.Text(request, "cell");
        if (asked is null && cells.Count == 1) return cells[0];
        return asked is not null && cells.Contains(asked, StringComparer.Ordinal) ? asked
            : throw Refuse.BadParameter(
                "cell",
                $"{(asked is null ? "The job has several cells" : $"The job has no cell \"{asked}\"")}; give ?cell= one "
                    + $"of {string.Join(", ", cells)}.");
    }
}
