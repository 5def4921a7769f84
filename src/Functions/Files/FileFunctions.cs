using System.Globalization;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Storage;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Functions.Files;

/// <summary>Uploads, downloads, deletes and lists the files under the storage root: inputs, models, results, reports.</summary>
public sealed class FileFunctions(TenantPipeline mine, FileLimits limits)
{
    const int MostListed = 1000;

    readonly IBlobStore _store = mine.Store;

    /// <summary>
    /// <c>PUT /api/files/{path}</c>: 201 where it is new, else 200. If-None-Match: * keeps what is there; If-Match replaces that version
    /// only.
    /// </summary>
    [Function("WriteFile")]
    public async Task<IResult> Put(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/files/{*path}")] HttpRequest request, string? path,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string name = FilePath.Require(request, path);
        if (request.ContentLength > limits.MaxBytes) throw Refuse.TooLarge(limits.MaxBytes);
        BlobEntry? before = await _store.FindAsync(name, cancellationToken);
        BlobCondition condition = Condition(request, name, before);
        await using var body = new BoundedStream(request.Body, limits.MaxBytes);
        await using UploadCount count = await UploadCount.BeginAsync(mine, name, request.ContentLength, cancellationToken);
        BlobWrite write;
        try
        {
            write = await _store.WriteAsync(name, body, condition, cancellationToken);
        }
        catch (StorageException e) when (e.Failure == StorageFailure.Invalid)
        {
            throw e.InnerException is PathTooLongException
                ? Refuse.BadPath($"The path \"{name}\" can't be used: it is longer than the storage's disk takes.")
                : Refuse.Conflict(
                    "name-taken", "The name is taken", $"{name} can't be written: a part of it is a file already, or it is a folder.");
        }
        if (!write.Succeeded)
            throw Refuse.Precondition(
                $"{name} {(write.Outcome == BlobOutcome.Exists ? "is there already" : "was changed meanwhile")}; nothing was written.");
        BlobEntry now = await _store.FindAsync(name, cancellationToken) ?? throw Refuse.UnknownFile(name);
        count.Written = now.Length;
        request.HttpContext.Response.Headers.ETag = EntityTag.Of(write.Tag!).ToString();
        return Answer.Json(View(now), before is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>
    /// <c>GET /api/files/{path}</c>: the file, or the range of it that is asked for; conditions and If-Range are kept (RFC 9110).
    /// </summary>
    [Function("ReadFile")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/files/{*path}")] HttpRequest request, string? path,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string name = FilePath.Require(request, path);
        HttpResponse response = request.HttpContext.Response;
        // The framework copies until the reader is gone; the invocation may be called off before.
        response.RegisterForDispose(cancellationToken.Register(request.HttpContext.Abort));
        while (true)
        {
            BlobEntry entry = await _store.FindAsync(name, cancellationToken) ?? throw Refuse.UnknownFile(name);
            // What someone uploaded must not act in the API's name in a reader's browser.
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers.ContentSecurityPolicy = "sandbox allow-scripts allow-downloads";
            try
            {
                await Results.Stream(
                    new StoredFileStream(_store, entry), MediaTypes.Of(name), null, entry.ModifiedAt, EntityTag.Of(entry.Tag),
                    enableRangeProcessing: true)
                    .ExecuteAsync(request.HttpContext);
                return Results.Empty;
            }
            catch (FileReplacedException) when (!response.HasStarted)
            {
                // The headers were another version's.
                response.Clear();
            }
        }
    }

    /// <summary><c>DELETE /api/files/{path}</c>: 204; If-Match deletes that version only. Who reads it later doesn't find it.</summary>
    [Function("DeleteFile")]
    public async Task<IResult> Delete(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/files/{*path}")] HttpRequest request, string? path,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string name = FilePath.Require(request, path);
        BlobEntry entry = await _store.FindAsync(name, cancellationToken) ?? throw Refuse.UnknownFile(name);
        BlobCondition condition = Matching(request, name, entry, "deleted");
        if (!await _store.DeleteAsync(name, condition, cancellationToken))
            throw request.Headers.IfMatch.Count > 0
                ? Refuse.Precondition($"{name} was changed meanwhile; nothing was deleted.") : Refuse.UnknownFile(name);
        await mine.Quotas.SettleAsync(mine.Tenant, name, null, CancellationToken.None);
        return Results.NoContent();
    }

    /// <summary><c>GET /api/files?prefix=&amp;limit=&amp;cursor=</c>: the files whose paths begin with a prefix.</summary>
    [Function("ListFiles")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/files")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string prefix = Query.Text(request, "prefix") ?? "", after = Query.Text(request, "cursor") ?? "";
        int limit = Query.Number(request, "limit", 1, MostListed, MostListed);
        if (prefix.Split('/').Any(part => part is "." or "..") || prefix.StartsWith('/') || prefix.Contains('\\', StringComparison.Ordinal))
            throw Refuse.BadParameter("prefix", $"The prefix \"{prefix}\" leaves the root or isn't relative.");
        var files = new List<FileView>();
        await foreach (BlobEntry entry in _store.ListAsync(prefix, cancellationToken))
        {
            if (FilePath.IsInternal(entry.Name) || string.CompareOrdinal(entry.Name, after) <= 0) continue;
            if (files.Count == limit) return Answer.Json(new FileListView(files, files[^1].Path));
            files.Add(View(entry));
        }
        return Answer.Json(new FileListView(files, null));
    }

    static FileView View(BlobEntry entry) => new(entry.Name, entry.Length, EntityTag.Of(entry.Tag).ToString(), entry.ModifiedAt);

    static BlobCondition Condition(HttpRequest request, string name, BlobEntry? before)
    {
        if (request.Headers.IfNoneMatch.Count > 0)
        {
            if (before is not null && EntityTag.IsNamed(request.Headers.IfNoneMatch, EntityTag.Of(before.Tag)))
                throw Refuse.Precondition($"{name} is there already; nothing was written.");
            return before is null ? BlobCondition.Absent : BlobCondition.Matches(before.Tag);
        }
        return Matching(request, name, before, "written");
    }

    // Only the version that If-Match names.
    static BlobCondition Matching(HttpRequest request, string name, BlobEntry? before, string done)
    {
        if (request.Headers.IfMatch.Count == 0) return BlobCondition.None;
        if (before is null || !EntityTag.IsNamed(request.Headers.IfMatch, EntityTag.Of(before.Tag)))
            throw Refuse.Precondition(before is null
                ? $"There is no {name}; nothing was {done}."
                : $"{name} is another version: {EntityTag.Of(before.Tag)}; nothing was {done}.");
        return BlobCondition.Matches(before.Tag);
    }
}

/// <summary>How large an uploaded file may be.</summary>
/// <param name="MaxBytes">The most bytes: the setting <c>Files:MaxBytes</c>, default 104,857,600, what Functions takes by default.</param>
public sealed record FileLimits(long MaxBytes)
{
    const string Setting = "Files:MaxBytes";
    const long Default = 104_857_600;

    /// <summary>Reads the setting.</summary>
    /// <exception cref="OptionsValidationException">It is no number above zero.</exception>
    public static FileLimits Of(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } text) return new FileLimits(Default);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes > 0
            ? new FileLimits(bytes) : throw new OptionsValidationException(Setting, typeof(FileLimits),
                [$"{Setting} is \"{text}\"; it is a number of bytes above zero."]);
    }
}

/// <summary>Media types by a file's extension; what isn't known is plain bytes, so that a browser runs nothing.</summary>
internal static class MediaTypes
{
    public static string Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => "application/json",
        ".jsonl" => "application/x-ndjson",
        ".csv" => "text/csv",
        ".txt" => "text/plain; charset=utf-8",
        ".yaml" or ".yml" => "application/yaml",
        ".html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };
}
