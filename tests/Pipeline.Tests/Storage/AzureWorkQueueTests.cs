using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Tests.Storage;

public sealed class AzureWorkQueueTests(AzuriteFixture azurite) : WorkQueueCompliance
{
    QueueClient? _client;

    protected override async Task<IWorkQueue> CreateAsync()
    {
        _client = new QueueClient(await azurite.ConnectAsync(), $"q{Guid.NewGuid():N}",
            new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await _client.CreateAsync();
        return new AzureWorkQueue(_client);
    }

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time);

    [Fact]
    public async Task A_queue_that_is_missing_is_empty_and_made_by_the_first_message()
    {
        var client = new QueueClient(await azurite.ConnectAsync(), $"q{Guid.NewGuid():N}",
            new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        var queue = new AzureWorkQueue(client);
        Assert.Empty(await queue.ReceiveAsync(1, TimeSpan.FromSeconds(1), default));
        Assert.Equal(0, await queue.CountAsync(default));
        Assert.False(await client.ExistsAsync());
        await queue.SendAsync("x", TimeSpan.Zero, default);
        Assert.Equal("x", Assert.Single(await queue.ReceiveAsync(1, TimeSpan.FromSeconds(30), default)).Body);
    }

    [Fact]
    public async Task Messages_never_expire()
    {
        IWorkQueue queue = await CreateAsync();
        await queue.SendAsync("x", TimeSpan.Zero, default);
        QueueMessage message = (await _client!.ReceiveMessageAsync()).Value;
        Assert.Equal(9999, message.ExpiresOn!.Value.Year);
    }
}
