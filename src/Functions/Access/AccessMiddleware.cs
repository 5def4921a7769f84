using DiffusionBatch.Functions.OpenApi;
using DiffusionBatch.Functions.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionBatch.Functions.Access;

/// <summary>
/// Finds out who sends a request, and whether that one may send it, before a function sees it. Where the host of Functions asks for keys
/// (<see cref="AccessSettings"/>), it has looked at what lies under <c>/api</c>; clients of <c>/v1</c> send theirs in a form that no host
/// looks at, so that they are asked here.
/// </summary>
public sealed class AccessMiddleware(AccessSettings settings, ConfiguredKeys configured, Doorkeeper doorkeeper) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is { Request: var request }
            && ApiOperations.Find(context.FunctionDefinition.Name) is { IsOpen: false } operation)
            context.InstanceServices.GetRequiredService<CurrentCaller>()
                .Enter(await CallerAsync(request, operation, context.CancellationToken));
        await next(context);
    }

    async Task<Caller> CallerAsync(HttpRequest request, ApiOperation operation, CancellationToken cancellationToken)
    {
        if (!settings.AsksItself)
        {
            if (operation.IsOpenAi) Demand(request);
            return Caller.Operator;
        }
        Caller caller = await doorkeeper.CallerOfAsync(request, cancellationToken) ?? throw NoKey(request);
        return caller.Role >= operation.Role ? caller : throw Refuse.NotAllowed(caller.Role, operation.Role);
    }

    void Demand(HttpRequest request)
    {
        // A client may have a key and a pipeline of its own none: then it isn't looked at.
        if ((ConfiguredKeys.Given(request) is not { } key || !configured.Have(key)) && !configured.IsOpenTo(request)) throw NoKey(request);
    }

    static ApiException NoKey(HttpRequest request) => Refuse.NoKey(ConfiguredKeys.Given(request) is not null ? "Incorrect API key provided."
        : "You didn't provide an API key. Provide it in the Authorization header: \"Authorization: Bearer KEY\".");
}
