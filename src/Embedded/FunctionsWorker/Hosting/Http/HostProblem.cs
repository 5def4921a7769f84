using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Microsoft.Azure.Functions.Worker.Hosting.Http;

/// <summary>The host's own refusals as problem documents (RFC 9457), so that clients find one form of error.</summary>
internal static class HostProblem
{
    /// <summary>Answers with a problem, unless the response has begun.</summary>
    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }
        return Results.Problem(detail, context.Request.Path, status, ReasonPhrases.GetReasonPhrase(status), "about:blank").ExecuteAsync(context);
    }

    /// <summary>What a refusal of the router means.</summary>
    public static string Detail(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"Nothing is at {context.Request.Path}.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Path} takes {context.Response.Headers.Allow}, not {context.Request.Method}.",
        _ => $"The host answered {context.Response.StatusCode}.",
    };
}
