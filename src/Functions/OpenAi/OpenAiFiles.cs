using DiffusionBatch.Functions.Access;
using DiffusionBatch.Functions.Files;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.OpenAi;

/// <summary>The files of the OpenAI-shaped door.</summary>
public sealed class OpenAiFiles(TenantPipeline mine, OpenAiLimits limits)
{
    const int MostListed = 10_000;

    /// <summary>
    /// <c>POST /v1/files</c>: multipart with <c>file</c>, <c>purpose</c> and <c>expires_after[anchor]</c>, <c>[seconds]</c>.
    /// </summary>
    [Function("OpenAiUpload")]
    public async Task<IResult> Upload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/files")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Upload upload = await OpenAi.Upload.ReadAsync(request, mine.Files, limits.MaxFileBytes, cancellationToken);
        try
        {
            return OpenAiAnswer.Of(await mine.Files.EnterAsync(
                upload.RequiredContent, upload.FileName, upload.Field("purpose"), upload.Expiry(), cancellationToken));
        }
        catch (Exception e) when (e is RequestRefusedException or QuotaExceededException && upload.Content is not null)
        {
            await mine.Files.DropAsync(upload.Content, cancellationToken);
            throw;
        }
    }

    /// <summary><c>GET /v1/files?purpose=&amp;limit=&amp;order=&amp;after=</c>.</summary>
    [Function("OpenAiListFiles")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/files")] HttpRequest request,
        CancellationToken cancellationToken) =>
        OpenAiAnswer.Of(await mine.Files.ListAsync(
            Query.Text(request, "purpose"), OpenAiAnswer.Page(request, MostListed, MostListed), cancellationToken));

    /// <summary><c>GET /v1/files/{id}</c>.</summary>
    [Function("OpenAiGetFile")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/files/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OpenAiAnswer.Of(await mine.Files.GetAsync(id, cancellationToken));

    /// <summary><c>DELETE /v1/files/{id}</c>.</summary>
    [Function("OpenAiDeleteFile")]
    public async Task<IResult> Delete(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "v1/files/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OpenAiAnswer.Of(await mine.Files.DeleteAsync(id, cancellationToken));

    /// <summary><c>GET /v1/files/{id}/content</c>.</summary>
    [Function("OpenAiFileContent")]
    public async Task<IResult> Content(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/files/{id}/content")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        (BlobEntry blob, string name) = await mine.Files.LocateAsync(id, cancellationToken);
        HttpResponse response = request.HttpContext.Response;
        response.RegisterForDispose(cancellationToken.Register(request.HttpContext.Abort));
        response.Headers.XContentTypeOptions = "nosniff";
        return Results.Stream(new StoredFileStream(mine.Store, blob), "application/octet-stream", name, blob.ModifiedAt,
            EntityTag.Of(blob.Tag), enableRangeProcessing: true);
    }
}
