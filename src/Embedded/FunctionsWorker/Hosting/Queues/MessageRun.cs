using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker.Hosting.Invocation;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Hosting.Queues;

/// <summary>
/// One delivery of a message: the function runs while the message is kept invisible; then it is deleted, or given back
/// to be tried again, or moved to the poison queue.
/// </summary>
internal sealed class MessageRun(FunctionEntry function, QueueClient queue, QueueClient poison, QueueSettings settings, TimeSpan invisibility, FunctionInvoker invoker, TimeProvider time, ILogger logger)
{
    static readonly TimeSpan s_never = TimeSpan.FromSeconds(-1);

    /// <summary>Runs it to its end; throws nothing but defects of this host.</summary>
    public async Task RunAsync(QueueMessage message, CancellationToken stopping)
    {
        if (message.DequeueCount > settings.MaxDequeueCount)
        {
            // It was delivered that often and none of the runs came to its end: the process died in each.
            await MoveToPoisonAsync(message, message.PopReceipt);
            return;
        }
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var done = new CancellationTokenSource();
        string receipt = message.PopReceipt;
        Task renewing = RenewAsync();
        Exception? failure = null;
        try
        {
            await invoker.InvokeAsync(function, new Trigger(p => QueueArgument.Of(message, p.ParameterType), QueueArgument.Data(message)), lost.Token);
        }
        catch (Exception e)
        {
            failure = e;
        }
        await done.CancelAsync();
        await renewing;
        try
        {
            if (failure is null) await queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
            else if (stopping.IsCancellationRequested) await queue.UpdateMessageAsync(message.MessageId, receipt, message.Body, TimeSpan.Zero, CancellationToken.None);
            else await FailedAsync(message, receipt, failure);
        }
        catch (RequestFailedException e)
        {
            // Gone or out of reach: it comes back by itself, and functions bear a second delivery.
            logger.LogWarning("Function '{Function}': the message {Message} of '{Queue}' couldn't be settled: {Why}", function.Name, message.MessageId, queue.Name, e.ErrorCode ?? e.Message);
        }

        async Task RenewAsync()
        {
            try
            {
                while (true)
                {
                    await Task.Delay(invisibility / 2, time, done.Token);
                    receipt = (await queue.UpdateMessageAsync(message.MessageId, receipt, message.Body, invisibility, done.Token)).Value.PopReceipt;
                }
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
            }
            catch (RequestFailedException e)
            {
                logger.LogWarning("Function '{Function}': the message {Message} of '{Queue}' couldn't be kept: {Why}", function.Name, message.MessageId, queue.Name, e.ErrorCode ?? e.Message);
                await lost.CancelAsync();
            }
        }
    }

    async Task FailedAsync(QueueMessage message, string receipt, Exception failure)
    {
        logger.LogError(failure, "Function '{Function}' failed on the message {Message} of '{Queue}', delivery {Delivery} of {Most}", function.Name, message.MessageId, queue.Name, message.DequeueCount, settings.MaxDequeueCount);
        if (message.DequeueCount >= settings.MaxDequeueCount) await MoveToPoisonAsync(message, receipt);
        else await queue.UpdateMessageAsync(message.MessageId, receipt, message.Body, settings.VisibilityTimeout, CancellationToken.None);
    }

    async Task MoveToPoisonAsync(QueueMessage message, string receipt)
    {
        try
        {
            await poison.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
            await poison.SendMessageAsync(message.Body, TimeSpan.Zero, s_never, CancellationToken.None);
            await queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
            logger.LogError("The message {Message} of '{Queue}' was moved to '{Poison}'", message.MessageId, queue.Name, poison.Name);
        }
        catch (RequestFailedException e)
        {
            logger.LogWarning("The message {Message} of '{Queue}' couldn't be moved to '{Poison}': {Why}", message.MessageId, queue.Name, poison.Name, e.ErrorCode ?? e.Message);
        }
    }
}
