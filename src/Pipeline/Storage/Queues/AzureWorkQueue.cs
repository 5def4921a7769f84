using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace DiffusionBatch.Pipeline.Storage.Queues;

/// <summary>A thin wrapper of one Azure Storage queue, or Azurite's.</summary>
/// <param name="queue">
/// The queue; the first message makes it where it doesn't exist, and until then it is empty. Its client encodes bodies in Base64, so that
/// any text passes.
/// </param>
public sealed class AzureWorkQueue(QueueClient queue) : IWorkQueue
{
    // By default a message vanishes after a week, and a batch may wait longer.
    static readonly TimeSpan s_never = TimeSpan.FromSeconds(-1);

    /// <inheritdoc/>
    public Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken)
    {
        QueueLimits.DemandBody(body);
        QueueLimits.DemandDelay(delay);
        return AzureFailures.Translate($"send to the queue {queue.Name}", async () =>
        {
            try
            {
                return await queue.SendMessageAsync(body, delay, s_never, cancellationToken);
            }
            catch (RequestFailedException e) when (IsMissing(e))
            {
                // Only here: where the queue exists nobody needs the right to make one.
                await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                return await queue.SendMessageAsync(body, delay, s_never, cancellationToken);
            }
        });
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkMessage>> ReceiveAsync(int count, TimeSpan invisibility, CancellationToken cancellationToken)
    {
        QueueLimits.DemandCount(count);
        QueueLimits.DemandInvisibility(invisibility);
        return AzureFailures.Translate<IReadOnlyList<WorkMessage>>($"receive from the queue {queue.Name}", async () =>
        {
            try
            {
                QueueMessage[] messages = await queue.ReceiveMessagesAsync(count, invisibility, cancellationToken);
                return [.. messages.Select(m =>
                    new WorkMessage(m.MessageId, m.Body.ToString(), m.DequeueCount, m.PopReceipt, m.InsertedOn))];
            }
            catch (RequestFailedException e) when (IsMissing(e))
            {
                return [];
            }
        });
    }

    /// <inheritdoc/>
    public Task<bool> RenewAsync(WorkMessage message, TimeSpan invisibility, CancellationToken cancellationToken)
    {
        QueueLimits.DemandDelay(invisibility);
        return UnlessGoneAsync("renew", message, async () =>
        {
            UpdateReceipt receipt = await queue.UpdateMessageAsync(message.Id, message.Receipt, (BinaryData?)null, invisibility,
                cancellationToken);
            message.Receipt = receipt.PopReceipt;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(WorkMessage message, CancellationToken cancellationToken) =>
        UnlessGoneAsync("delete", message, () => queue.DeleteMessageAsync(message.Id, message.Receipt, cancellationToken),
            cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        AzureFailures.Translate($"count the queue {queue.Name}", async () =>
    {
        try
        {
            QueueProperties properties = await queue.GetPropertiesAsync(cancellationToken);
            return (long)properties.ApproximateMessagesCount;
        }
        catch (RequestFailedException e) when (IsMissing(e))
        {
            return 0;
        }
    });

    async Task<bool> UnlessGoneAsync(string what, WorkMessage message, Func<Task> call, CancellationToken cancellationToken)
    {
        await message.Gate.WaitAsync(cancellationToken);
        try
        {
            return await AzureFailures.Translate($"{what} a message of the queue {queue.Name}", async () =>
            {
                try
                {
                    await call();
                    return true;
                }
                catch (RequestFailedException e) when (e.Status == 404 || e.ErrorCode == QueueErrorCode.PopReceiptMismatch)
                {
                    return false;
                }
            });
        }
        finally
        {
            message.Gate.Release();
        }
    }

    static bool IsMissing(RequestFailedException e) => e.ErrorCode == QueueErrorCode.QueueNotFound;
}
