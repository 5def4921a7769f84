using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Functions.Problems;

/// <summary>
/// Answers HTTP requests: executes what their functions return, and turns what they throw into problem documents. The worker
/// would execute results itself, but a failure there ends as an empty 200 or a body that is cut and looks whole.
/// Failures of other triggers go on to the host.
/// </summary>
public sealed partial class ProblemMiddleware(ILogger<ProblemMiddleware> logger) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }
        string function = context.FunctionDefinition.Name;
        try
        {
            await next(context);
            object? value = context.GetInvocationResult().Value;
            IResult result = value as IResult ?? throw new InvalidOperationException(
                $"The function {function} returned {value?.GetType().Name ?? "nothing"}; it returns an IResult.");
            await result.ExecuteAsync(http);
            await ExplainAsync(http);
            // A file's reader that goes away is nobody's exception.
            if (http.RequestAborted.IsCancellationRequested) LogCalledOff(function);
        }
        catch (Exception e)
        {
            bool calledOff = IsCalledOff(e, context, http);
            ApiException refused = calledOff ? Refuse.CalledOff() : Of(e);
            if (calledOff) LogCalledOff(function);
            else if (refused.Problem.Status == StatusCodes.Status503ServiceUnavailable) LogUnavailable(function, e.Message);
            else if (refused.Problem.Status >= StatusCodes.Status500InternalServerError) LogFailed(function, e);
            await RefuseAsync(http, refused);
        }
        // It is answered: neither to be executed by the worker nor to be sent to the host.
        context.GetInvocationResult().Value = null;
    }

    static async Task RefuseAsync(HttpContext http, ApiException refused)
    {
        if (http.Response.HasStarted || http.Response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 })
        {
            // A part of another answer is out: the reader must see that it isn't whole.
            http.Abort();
            return;
        }
        http.Response.Clear();
        if (refused.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
        if (refused.Allow is { } methods) http.Response.Headers.Allow = string.Join(", ", methods);
        await Document(http, refused).ExecuteAsync(http);
    }

    // What the framework refuses by itself, it refuses without a word; its headers stay.
    static async Task ExplainAsync(HttpContext http)
    {
        HttpResponse response = http.Response;
        ApiException? why = response.StatusCode switch
        {
            _ when response.HasStarted => null,
            StatusCodes.Status412PreconditionFailed => Refuse.Precondition($"It is another version: {response.Headers.ETag}."),
            StatusCodes.Status416RangeNotSatisfiable => Refuse.Range($"The range begins behind the end: {response.Headers.ContentRange}."),
            _ => null,
        };
        if (why is null) return;
        response.ContentLength = null;
        await Document(http, why).ExecuteAsync(http);
    }

    static IResult Document(HttpContext http, ApiException refused) => OpenAiProblem.IsFor(http.Request) ? OpenAiProblem.Of(refused)
        : Results.Json(refused.Problem, ApiJson.Default.ApiProblem, "application/problem+json", refused.Problem.Status);

    /// <summary>Whether a request was ended from outside: its client is gone, the app stops, its time is up.</summary>
    static bool IsCalledOff(Exception e, FunctionContext context, HttpContext http) =>
        e is OperationCanceledException or ConnectionResetException or BadHttpRequestException
        && (context.CancellationToken.IsCancellationRequested || http.RequestAborted.IsCancellationRequested);

    static ApiException Of(Exception e) => e switch
    {
        ApiException refused => refused,
        RequestRefusedException { Refusal: var refusal } => Refuse.Of(refusal),
        ProblemsException problems => Refuse.BadManifest(problems.Problems),
        QuotaExceededException quota => Refuse.Quota(quota),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large => new ApiException(
            new ApiProblem(
                Refuse.Type("too-large"), "The body is too large", StatusCodes.Status413PayloadTooLarge,
                $"{large.Message} Nothing was stored.")),
        BadHttpRequestException bad =>
            new ApiException(new ApiProblem(Refuse.Type("bad-request"), "The request can't be read", bad.StatusCode, bad.Message)),
        IndexUnavailableException => Refuse.Unavailable("The index's database can't be reached; try again."),
        StorageException { Failure: StorageFailure.Full } full => Refuse.StorageFull(full.Message),
        StorageException { Failure: StorageFailure.Denied } denied => Refuse.StorageDenied(denied.Message),
        StorageException { Failure: StorageFailure.Unavailable } => Refuse.Unavailable("The storage can't be reached; try again."),
        _ => new ApiException(
            new ApiProblem(Refuse.Type("failure"), "The server failed", StatusCodes.Status500InternalServerError,
                "The server failed; its log has the details.")),
    };

    [LoggerMessage(1, LogLevel.Error, "{Function} failed")]
    partial void LogFailed(string function, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "{Function} couldn't do its work: {Reason}")]
    partial void LogUnavailable(string function, string reason);

    [LoggerMessage(3, LogLevel.Debug, "{Function} was called off")]
    partial void LogCalledOff(string function);
}
