using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Hosting.Invocation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Hosting.Http;

/// <summary>HTTP-triggered functions as endpoints: the access key, the invocation, then its result is executed.</summary>
internal sealed class HttpFunctionEndpoint(FunctionInvoker invoker, AccessKeys keys, IHostApplicationLifetime lifetime, ILogger<HttpFunctionEndpoint> logger)
{
    /// <summary>Maps a function to its route, under the prefix.</summary>
    public void Map(IEndpointRouteBuilder app, FunctionEntry function, string prefix)
    {
        var trigger = (HttpTriggerAttribute)function.Trigger;
        string pattern = $"/{prefix}/{trigger.Route ?? function.Name}".Replace("//", "/", StringComparison.Ordinal);
        RequestDelegate run = context => RunAsync(context, function, trigger);
        if (trigger.Methods is { Length: > 0 } methods) app.MapMethods(pattern, methods.Select(m => m.ToUpperInvariant()), run);
        else app.Map(pattern, run);
    }

    async Task RunAsync(HttpContext context, FunctionEntry function, HttpTriggerAttribute trigger)
    {
        if (!keys.Admit(context.Request, trigger.AuthLevel))
        {
            await HostProblem.WriteAsync(context, StatusCodes.Status401Unauthorized, "This needs an access key: send it in the header x-functions-key, or as ?code=KEY.");
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            object? result = await invoker.InvokeAsync(function, new Trigger(_ => context.Request, context.Request.RouteValues, context), ending.Token);
            switch (result)
            {
                case null: break;
                case IResult answer: await answer.ExecuteAsync(context); break;
                default: await Results.Ok(result).ExecuteAsync(context); break;
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The caller is gone, or the host stops: nobody reads an answer.
            if (!context.RequestAborted.IsCancellationRequested) await HostProblem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The server is stopping.");
        }
        catch (BadHttpRequestException e)
        {
            await HostProblem.WriteAsync(context, e.StatusCode, e.Message);
        }
        catch (Exception e)
        {
            logger.LogError(e, "Function '{Function}' failed", function.Name);
            await HostProblem.WriteAsync(context, StatusCodes.Status500InternalServerError, "The server failed; its log has the details.");
        }
    }
}
