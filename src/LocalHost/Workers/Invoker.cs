using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Protocol;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Workers;

/// <summary>Runs functions in the worker: each invocation has an id, an end, and at most the time that host.json allows.</summary>
/// <param name="keeper">Has the worker.</param>
/// <param name="limit">How long a function may run; null: for ever.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes what becomes of them.</param>
internal sealed partial class Invoker(WorkerKeeper keeper, TimeSpan? limit, TimeProvider time, ILogger logger)
{
    // A function that was asked to end and doesn't takes its process with it, as in Functions.
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    /// <summary>Starts a function in a worker.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="function">The function.</param>
    /// <param name="input">What its trigger's parameter gets.</param>
    /// <param name="data">What comes with it, by name.</param>
    /// <param name="traceParent">The trace that it belongs to; null: none.</param>
    /// <param name="cancellationToken">Asks the function to end; it is waited for all the same.</param>
    public Invocation Start(
        Worker worker, FunctionEntry function, TypedData input,
        IEnumerable<KeyValuePair<string, TypedData>> data, string? traceParent, CancellationToken cancellationToken)
    {
        string id = Guid.NewGuid().ToString();
        var request = new InvocationRequest { InvocationId = id, TraceContext = new RpcTraceContext { TraceParent = traceParent ?? "" } };
        request.InputData.Add(new ParameterBinding { Name = function.Trigger.Parameter, Data = input });
        foreach (var (name, value) in data) request.TriggerMetadata[name] = value;
        return new Invocation(id, RunAsync(worker, function, request, cancellationToken));
    }

    /// <summary>Runs a function in the worker that serves, or in the next one, to its end.</summary>
    /// <exception cref="FunctionFailedException">It failed, was cancelled, or its process died.</exception>
    public async Task RunAsync(
        FunctionEntry function, TypedData input, IEnumerable<KeyValuePair<string, TypedData>> data, CancellationToken cancellationToken)
    {
        Worker worker = await keeper.ServingAsync(cancellationToken);
        await Start(worker, function, input, data, null, cancellationToken).Ended;
    }

    async Task RunAsync(Worker worker, FunctionEntry function, InvocationRequest request, CancellationToken cancellationToken)
    {
        string id = request.InvocationId;
        Task<StatusResult> running = worker.InvokeAsync(function.Name, request);
        StatusResult result;
        try
        {
            using (cancellationToken.Register(() => worker.Cancel(id)))
            {
                if (limit is { } allowed)
                {
                    try
                    {
                        result = await running.WaitAsync(allowed, time, CancellationToken.None);
                    }
                    catch (TimeoutException)
                    {
                        await EndAsync(worker, function, id, running, allowed);
                        throw new FunctionFailedException($"ran longer than functionTimeout allows ({allowed})", null);
                    }
                }
                else
                {
                    result = await running;
                }
            }
        }
        catch (WorkerGoneException e)
        {
            throw new FunctionFailedException(e.Message, null);
        }
        if (result.Status != StatusResult.Types.Status.Success)
            throw new FunctionFailedException(result.Exception?.Message ?? "failed without a reason", result.Exception?.StackTrace);
    }

    async Task EndAsync(Worker worker, FunctionEntry function, string id, Task<StatusResult> running, TimeSpan allowed)
    {
        LogTimedOut(function.Name, allowed);
        worker.Cancel(id);
        try
        {
            await running.WaitAsync(s_grace, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            LogKilled(function.Name);
            worker.Kill();
        }
        catch (WorkerGoneException)
        {
            // It died of it.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Function '{Function}' ran longer than functionTimeout allows ({Limit}); it was asked to end")]
    partial void LogTimedOut(string function, TimeSpan limit);

    [LoggerMessage(2, LogLevel.Error, "Function '{Function}' doesn't end; its process is started again")]
    partial void LogKilled(string function);
}

/// <summary>A function that runs.</summary>
/// <param name="Id">Its id, which is said with the request over HTTP too.</param>
/// <param name="Ended">Completed once it has ended; failed with a <see cref="FunctionFailedException"/>.</param>
internal readonly record struct Invocation(string Id, Task Ended);

/// <summary>A function failed.</summary>
/// <param name="message">Why.</param>
/// <param name="trace">Where, in the app's code; null where that isn't known.</param>
internal sealed class FunctionFailedException(string message, string? trace) : Exception(message)
{
    /// <inheritdoc/>
    public override string ToString() => trace is null ? Message : $"{Message}\n{trace}";
}
