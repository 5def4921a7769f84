using System.Text.Json;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Functions.Access;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.OpenAi;

/// <summary>The batches of the OpenAI-shaped door.</summary>
public sealed class OpenAiBatches(TenantPipeline mine)
{
    const int MostListed = 100, Listed = 20;
    const long MaxBytes = 64 * 1024;

    /// <summary><c>POST /v1/batches</c>: enters a batch; its file is checked behind.</summary>
    [Function("OpenAiCreateBatch")]
    public async Task<IResult> Create(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/batches")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        BatchRequestBody body;
        try
        {
            body = JsonSerializer.Deserialize(await BodyReader.ReadAsync(request, MaxBytes, cancellationToken),
                OpenAiJson.Default.BatchRequestBody)
                ?? throw new JsonException("The body is null.");
        }
        catch (JsonException e)
        {
            string? param = e.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : null;
            throw new RequestRefusedException($"We could not parse the JSON body of your request: {e.Message}", param, "invalid_json");
        }
        return OpenAiAnswer.Of(await mine.Batches.CreateAsync(body, cancellationToken));
    }

    /// <summary><c>GET /v1/batches?limit=&amp;after=</c>: the newest first.</summary>
    [Function("OpenAiListBatches")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/batches")] HttpRequest request,
        CancellationToken cancellationToken) =>
        OpenAiAnswer.Of(await mine.Batches.ListAsync(OpenAiAnswer.Page(request, MostListed, Listed), cancellationToken));

    /// <summary><c>GET /v1/batches/{id}</c>.</summary>
    [Function("OpenAiGetBatch")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/batches/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OpenAiAnswer.Of(await mine.Batches.GetAsync(id, cancellationToken));

    /// <summary><c>POST /v1/batches/{id}/cancel</c>: what is answered stays, and is written.</summary>
    [Function("OpenAiCancelBatch")]
    public async Task<IResult> Cancel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/batches/{id}/cancel")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OpenAiAnswer.Of(await mine.Batches.CancelAsync(id, cancellationToken));
}
