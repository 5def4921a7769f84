using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Tests.Storage;

public sealed class AzureWorkQueueTests(AzuriteFixture azurite) : WorkQueueCompliance
{
    QueueClient? _client;

    protected override async Task<IWorkQueue> CreateAsync()
    {
        _client = new QueueClient(await azurite.ConnectAsync(), $"q{Guid.NewGuid():N}", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await _client.CreateAsync();
        return new AzureWorkQueue(_client);
    }

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time);

    [Fact]
    public async Task Messages_never_expire()
    {
        IWorkQueue queue = await CreateAsync();
        await queue.SendAsync("x", TimeSpan.Zero, default);
        QueueMessage message = (await _client!.ReceiveMessageAsync()).Value;
        Assert.Equal(9999, message.ExpiresOn!.Value.Year);
    }
}
