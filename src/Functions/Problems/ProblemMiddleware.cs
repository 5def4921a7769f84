using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Functions.Problems;

/// <summary>Turns what a function throws for a request into a problem document. Failures of other triggers go on to the host.</summary>
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
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is not OperationCanceledException || !context.CancellationToken.IsCancellationRequested)
        {
            ApiException refused = Of(e);
            if (refused.Problem.Status >= StatusCodes.Status500InternalServerError) LogFailure(context.FunctionDefinition.Name, e);
            if (refused.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
            context.GetInvocationResult().Value = Results.Json(refused.Problem, ApiJson.Default.ApiProblem, "application/problem+json", refused.Problem.Status);
        }
    }

    static ApiException Of(Exception e) => e switch
    {
        ApiException refused => refused,
        ProblemsException problems => Refuse.BadManifest(problems.Problems),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large => new ApiException(
            new ApiProblem(Refuse.Type("too-large"), "The body is too large", StatusCodes.Status413PayloadTooLarge, $"{large.Message} Nothing was stored.")),
        BadHttpRequestException bad => new ApiException(new ApiProblem(Refuse.Type("bad-request"), "The request can't be read", bad.StatusCode, bad.Message)),
        IndexUnavailableException => Refuse.Unavailable("The index's database can't be reached; try again."),
        StorageException { Failure: StorageFailure.Unavailable } => Refuse.Unavailable("The storage can't be reached; try again."),
        _ => new ApiException(new ApiProblem(Refuse.Type("failure"), "The server failed", StatusCodes.Status500InternalServerError, "The server failed; its log has the details.")),
    };

    [LoggerMessage(1, LogLevel.Error, "Function {Function} failed")]
    partial void LogFailure(string function, Exception exception);
}
