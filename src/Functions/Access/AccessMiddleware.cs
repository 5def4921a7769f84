using DiffusionBatch.Functions.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace DiffusionBatch.Functions.Access;

/// <summary>
/// Asks for the key of requests to <c>/v1</c>: its clients send it in a form that no host of Functions looks at, so that its functions are
/// open to the host. What lies under <c>/api</c> the host has looked at.
/// </summary>
public sealed class AccessMiddleware(ConfiguredKeys configured) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is { Request: var request } && OpenAiProblem.IsFor(request)) Demand(request);
        await next(context);
    }

    void Demand(HttpRequest request)
    {
        if (ConfiguredKeys.Given(request) is not { } key)
        {
            // A client may have a key and a pipeline of its own none: then it isn't looked at.
            if (configured.IsOpenTo(request)) return;
            throw Refuse.NoKey("You didn't provide an API key. Provide it in the Authorization header: \"Authorization: Bearer KEY\".");
        }
        if (!configured.Have(key) && !configured.IsOpenTo(request)) throw Refuse.NoKey("Incorrect API key provided.");
    }
}
