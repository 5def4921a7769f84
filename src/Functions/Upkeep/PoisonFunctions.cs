using System.Globalization;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Upkeep;

/// <summary>The poison list: tasks that failed as often as they may.</summary>
public sealed class PoisonFunctions(TenantPipeline mine, JobViews jobs)
{
    /// <summary><c>GET /api/poison?job=</c>.</summary>
    [Function("ListPoison")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/poison")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        string? job = Query.Text(request, "job");
        if (job is not null) await jobs.RowAsync(job, cancellationToken);
        return Answer.Json(new PoisonListView([.. (await mine.Index.Poison.ListAsync(job, cancellationToken)).Select(View)]));
    }

    static PoisonView View(PoisonRow row) => new(
        row.Id, row.JobId, row.Ordinal, row.FirstItem, row.ItemCount, row.ItemId, row.Reason, row.Attempts, row.State, row.CreatedAt);

    /// <summary>
    /// <c>POST /api/poison/{id}/requeue</c>: tries the task again; 409 where its error is written to the results already.
    /// </summary>
    [Function("RequeuePoison")]
    public async Task<IResult> Requeue(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/poison/{id}/requeue")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        await mine.Index.Poison.RequeueAsync(Number(id), cancellationToken) switch
        {
            RequeueOutcome.Requeued => Results.Accepted(),
            RequeueOutcome.Written => throw Refuse.Conflict(
                "written", "The result is written",
                $"The error of row {id} is in the results already; submit the job anew, with another output or \"overwrite\": true."),
            _ => throw Refuse.UnknownPoison(id),
        };

    /// <summary><c>DELETE /api/poison/{id}</c>: strikes the task off the list.</summary>
    [Function("DropPoison")]
    public async Task<IResult> Drop(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/poison/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        await mine.Index.Poison.DropAsync(Number(id), cancellationToken) ? Results.NoContent() : throw Refuse.UnknownPoison(id);

    static long Number(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw Refuse.UnknownPoison(id);
}
