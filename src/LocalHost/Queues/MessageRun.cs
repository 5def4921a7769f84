using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Queues.Models;
using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Protocol;
using DiffusionBatch.LocalHost.Workers;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Queues;

/// <summary>
/// One delivery of a message: the function runs while the message is kept invisible; then it is deleted, or given back
/// to be tried again, or moved to the poison queue.
/// </summary>
internal sealed partial class MessageRun(
    FunctionEntry function, QueueConnection queues, QueueSettings settings, Invoker invoker, TimeProvider time, ILogger logger)
{
    /// <summary>Runs it to its end; only a defect of this host is thrown.</summary>
    /// <param name="message">The message, its body as stored.</param>
    /// <param name="invisibility">How long it is ours; it is renewed at half of that.</param>
    /// <param name="stopping">The host stops: the function is asked to end, and the message is given back.</param>
    public async Task RunAsync(QueueMessage message, TimeSpan invisibility, CancellationToken stopping)
    {
        string receipt = message.PopReceipt;
        try
        {
            // One that was delivered too often already: the host died in each run.
            if (message.DequeueCount > settings.MaxDequeueCount || Decode(message.Body) is not { } body)
            {
                await MoveToPoisonAsync(message, receipt);
                return;
            }
            Exception? failure;
            (failure, receipt) = await RunKeptAsync(message, body, invisibility, stopping);
            if (failure is null) await queues.Queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
            // Nor is it the message's fault that no worker is left.
            else if (stopping.IsCancellationRequested || failure is FunctionsHostException)
                await queues.Queue.UpdateMessageAsync(message.MessageId, receipt, (string?)null, TimeSpan.Zero, CancellationToken.None);
            else await FailedAsync(message, receipt, failure);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            // Gone or out of reach: it comes back by itself, and functions bear a second delivery.
            LogUnsettled(message.MessageId, queues.Queue.Name, e.Message.Split('\n')[0]);
        }
    }

    // Runs the function and renews the message; returns why it failed, and the last receipt.
    async Task<(Exception? Failure, string Receipt)> RunKeptAsync(
        QueueMessage message, string body, TimeSpan invisibility, CancellationToken stopping)
    {
        string receipt = message.PopReceipt;
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var done = new CancellationTokenSource();
        Task renewing = RenewAsync();
        Exception? failure = null;
        try
        {
            await invoker.RunAsync(function, new TypedData { String = body }, Data(message, body), lost.Token);
        }
        catch (Exception e) when (e is FunctionFailedException or FunctionsHostException or OperationCanceledException)
        {
            failure = e;
        }
        await done.CancelAsync();
        await renewing;
        return (failure, receipt);

        async Task RenewAsync()
        {
            try
            {
                while (true)
                {
                    await Task.Delay(invisibility / 2, time, done.Token);
                    receipt =
                        (await queues.Queue.UpdateMessageAsync(message.MessageId, receipt, (string?)null, invisibility,
                            CancellationToken.None)).Value.PopReceipt;
                }
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                // The run has ended.
            }
            catch (Exception e) when (e is RequestFailedException or AggregateException)
            {
                LogUnsettled(message.MessageId, queues.Queue.Name, e.Message.Split('\n')[0]);
                await lost.CancelAsync();
            }
        }
    }

    async Task FailedAsync(QueueMessage message, string receipt, Exception failure)
    {
        LogFailed(function.Name, message.MessageId, queues.Queue.Name, message.DequeueCount, settings.MaxDequeueCount, failure);
        if (message.DequeueCount >= settings.MaxDequeueCount) await MoveToPoisonAsync(message, receipt);
        else await queues.Queue.UpdateMessageAsync(
            message.MessageId, receipt, (string?)null, settings.VisibilityTimeout, CancellationToken.None);
    }

    async Task MoveToPoisonAsync(QueueMessage message, string receipt)
    {
        try
        {
            await queues.Poison.SendMessageAsync(message.Body, cancellationToken: CancellationToken.None);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queues.Poison.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
            await queues.Poison.SendMessageAsync(message.Body, cancellationToken: CancellationToken.None);
        }
        await queues.Queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
        LogPoisoned(message.MessageId, queues.Queue.Name, queues.Poison.Name);
    }

    // The body as the function gets it; null where it isn't in the encoding that the settings name.
    string? Decode(BinaryData body)
    {
        string text = body.ToString();
        if (!settings.IsBase64) return text;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // What comes with a message, by Functions' names; what isn't text is JSON.
    static IEnumerable<KeyValuePair<string, TypedData>> Data(QueueMessage message, string body)
    {
        yield return new("QueueTrigger", new TypedData { String = body });
        yield return new("Id", new TypedData { String = message.MessageId });
        yield return new("PopReceipt", new TypedData { String = message.PopReceipt });
        yield return new("DequeueCount", new TypedData { Json = message.DequeueCount.ToString(CultureInfo.InvariantCulture) });
        foreach (var (name, at) in ((string, DateTimeOffset?)[])[("InsertionTime", message.InsertedOn),
            ("ExpirationTime", message.ExpiresOn), ("NextVisibleTime", message.NextVisibleOn)])
            if (at is { } known) yield return new(name, new TypedData { Json = JsonSerializer.Serialize(known) });
    }

    [LoggerMessage(1, LogLevel.Error, "Function '{Function}' failed on the message {Message} of the queue '{Queue}', delivery {Delivery} "
        + "of {Most}")]
    partial void LogFailed(string function, string message, string queue, long delivery, int most, Exception failure);

    [LoggerMessage(2, LogLevel.Error, "The message {Message} of the queue '{Queue}' was moved to '{Poison}'")]
    partial void LogPoisoned(string message, string queue, string poison);

    [LoggerMessage(3, LogLevel.Warning, "The message {Message} of the queue '{Queue}' couldn't be kept or settled; it comes again. {Why}")]
    partial void LogUnsettled(string message, string queue, string why);
}
