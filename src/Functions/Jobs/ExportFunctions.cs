using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Exporting;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>A job's results as one table.</summary>
public sealed class ExportFunctions(JobViews views, TenantPipeline mine)
{
    /// <summary>
    /// <c>GET /api/jobs/{id}/export?format=parquet|csv|jsonl</c>: a row an item and cell, streamed; of an evaluation with each item's own
    /// scores. Header <c>X-Results-Complete</c> says whether these are all.
    /// </summary>
    [Function("ExportJob")]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs/{id}/export")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ExportFormat format = Query.Word<ExportFormat>(request, "format") ?? ExportFormat.Parquet;
        JobRow job = await views.RowAsync(id, cancellationToken);
        ExportTable table = await mine.Export.OpenAsync(job, cancellationToken) ?? throw Refuse.Conflict(
            "no-results", "The job has no result lines",
            $"{id} is of the kind {EnumText.Of(job.Kind)} and has no items; sample and evaluate jobs have, and pipelines with such jobs.");
        request.HttpContext.Response.Headers["X-Results-Complete"] = table.IsComplete ? "true" : "false";
        request.HttpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{job.Name}.{EnumText.Of(format)}\"";
        return Answer.Stream(request, MediaType(format), (body, token) => ExportWriter.WriteAsync(table, format, body, token),
            cancellationToken);
    }

    static string MediaType(ExportFormat format) => format switch
    {
        ExportFormat.Parquet => "application/vnd.apache.parquet",
        ExportFormat.Csv => "text/csv; charset=utf-8",
        _ => "application/x-ndjson",
    };
}
