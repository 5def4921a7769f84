using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker.Hosting.Invocation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Hosting.Queues;

/// <summary>
/// Listens to one queue for one function. An empty queue is looked at less and less often, up to the settings' longest
/// pause; a message found brings the short pauses back.
/// </summary>
internal sealed class QueueListener(FunctionEntry function, QueueClient queue, QueueClient poison, QueueSettings settings, FunctionInvoker invoker, TimeProvider time, ILogger<QueueListener> logger)
    : BackgroundService
{
    static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a message is ours without renewal; Functions' own is ten minutes.</summary>
    public TimeSpan Invisibility { get; init; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var run = new MessageRun(function, queue, poison, settings, Invisibility, invoker, time, logger);
        var running = new HashSet<Task>();
        TimeSpan pause = s_shortestPause;
        bool created = false, complained = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!created) await queue.CreateIfNotExistsAsync(cancellationToken: stoppingToken);
                created = true;
                QueueMessage[] messages = await queue.ReceiveMessagesAsync(settings.BatchSize, Invisibility, stoppingToken);
                complained = false;
                foreach (QueueMessage message in messages) running.Add(run.RunAsync(message, stoppingToken));
                pause = messages.Length > 0 ? s_shortestPause : Longer(pause);
                while (running.Count > settings.NewBatchThreshold) running.Remove(await Task.WhenAny(running));
                running.RemoveWhere(t => t.IsCompleted);
                if (messages.Length == 0) await Task.Delay(pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is RequestFailedException or AggregateException)
            {
                if (stoppingToken.IsCancellationRequested) break;
                created &= e is not RequestFailedException { ErrorCode: "QueueNotFound" };
                if (!complained) logger.LogWarning("Function '{Function}' can't receive from '{Queue}', and goes on trying: {Why}", function.Name, queue.Name, e.Message.Split('\n')[0]);
                complained = true;
                pause = Longer(pause);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        // The host waits for these as long as its own shutdown timeout allows.
        await Task.WhenAll(running);
    }

    TimeSpan Longer(TimeSpan pause) => TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, settings.MaxPollingInterval.Ticks));
}
