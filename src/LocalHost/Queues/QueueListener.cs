using Azure;
using Azure.Storage.Queues.Models;
using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Workers;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Queues;

/// <summary>
/// Listens to one queue for one function. An empty queue, or one that isn't there, is looked at less and less often, up to
/// the settings' longest pause; a message found brings the short pauses back, and somebody who knows of one ends a pause.
/// </summary>
/// <param name="function">The function.</param>
/// <param name="queues">The queue, and the one for what fails too often.</param>
/// <param name="settings">How it is listened to.</param>
/// <param name="invisibility">How long a message is ours without renewal.</param>
/// <param name="nudge">Ends pauses.</param>
/// <param name="invoker">Runs the function.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes failures.</param>
internal sealed partial class QueueListener(
    FunctionEntry function, QueueConnection queues, QueueSettings settings, TimeSpan invisibility, Nudge nudge, Invoker invoker,
    TimeProvider time, ILogger logger)
{
    static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);

    readonly MessageRun _run = new(function, queues, settings, invoker, time, logger);

    /// <summary>Receives messages and runs the function on them until it is told to stop; completed once no run goes on.</summary>
    public async Task ListenAsync(CancellationToken stopping)
    {
        var running = new HashSet<Task>();
        TimeSpan pause = s_shortestPause;
        bool complained = false;
        while (!stopping.IsCancellationRequested)
        {
            QueueMessage[] messages = [];
            Task nudged = nudge.Next;
            try
            {
                messages = await queues.Queue.ReceiveMessagesAsync(settings.BatchSize, invisibility, stopping);
                complained = false;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
            {
                complained = false;
            }
            catch (Exception e) when (e is RequestFailedException or AggregateException)
            {
                if (!complained) LogAway(function.Name, queues.Queue.Name, e.Message.Split('\n')[0]);
                complained = true;
            }
            foreach (QueueMessage message in messages) running.Add(_run.RunAsync(message, invisibility, stopping));
            while (running.Count > settings.NewBatchThreshold) running.Remove(await Task.WhenAny(running));
            running.RemoveWhere(t => t.IsCompletedSuccessfully);
            pause = messages.Length > 0
                ? s_shortestPause
                : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, settings.MaxPollingInterval.Ticks));
            if (messages.Length == 0) await nudged.WaitAsync(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (nudged.IsCompleted) pause = s_shortestPause;
        }
        await Task.WhenAll(running);
    }

    [LoggerMessage(1, LogLevel.Warning, "Function '{Function}' can't receive from the queue '{Queue}', and goes on trying: {Why}")]
    partial void LogAway(string function, string queue, string why);
}

/// <summary>Wakes up whoever pauses between two looks.</summary>
internal sealed class Nudge
{
    TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed by the next nudge. To be asked for before looking, so that a nudge in between isn't lost.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Nudges.</summary>
    public void Give() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
