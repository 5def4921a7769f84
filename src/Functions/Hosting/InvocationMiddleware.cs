using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>
/// Wraps everything that an invocation does, the wait for its HTTP request included, and is the one place where failures
/// are logged. What the host itself calls off (a client went away, the app stops, the time is up) is no failure.
/// </summary>
public sealed partial class InvocationMiddleware(ILogger<InvocationMiddleware> logger) : IFunctionsWorkerMiddleware
{
    /// <summary>The category of the worker's own log of failed invocations, which treats them all alike.</summary>
    internal const string WorkersLog = "Microsoft.Azure.Functions.Worker.FunctionsApplication";

    const string QueueTrigger = "queueTrigger";

    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        string function = context.FunctionDefinition.Name;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            LogCalledOff(function);
            // Returning would delete the message; it is to come again.
            if (context.FunctionDefinition.InputBindings.Values.Any(binding =>
                binding.Type.Equals(QueueTrigger, StringComparison.OrdinalIgnoreCase)))
                throw;
        }
        catch (Exception e) when (e is IndexUnavailableException or StorageException { Failure: StorageFailure.Unavailable })
        {
            LogUnavailable(function, e.Message);
            throw;
        }
        catch (Exception e)
        {
            LogFailed(function, e);
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Function} was called off")]
    partial void LogCalledOff(string function);

    [LoggerMessage(2, LogLevel.Warning, "{Function} couldn't do its work: {Reason}")]
    partial void LogUnavailable(string function, string reason);

    [LoggerMessage(3, LogLevel.Error, "{Function} failed")]
    partial void LogFailed(string function, Exception exception);
}
