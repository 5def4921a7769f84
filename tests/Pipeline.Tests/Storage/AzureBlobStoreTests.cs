using Azure.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Tests.Storage;

public sealed class AzureBlobStoreTests(AzuriteFixture azurite) : BlobStoreCompliance
{
    protected override async Task<IBlobStore> CreateAsync()
    {
        var container = new BlobContainerClient(await azurite.ConnectAsync(), $"c{Guid.NewGuid():N}");
        await container.CreateAsync();
        return new AzureBlobStore(container);
    }

    [Fact]
    public async Task A_container_that_is_missing_is_empty_and_made_by_the_first_write()
    {
        string connection = await azurite.ConnectAsync();
        Func<IBlobStore, Task>[] writes =
        [
            store => store.WriteAsync("b", new MemoryStream([1]), BlobCondition.Absent, default),
            async store =>
            {
                await store.StageAsync("b", "1", new byte[] { 1 }, default);
                await store.CommitAsync("b", ["1"], BlobCondition.None, default);
            },
            async store => await (await store.LeaseAsync("b", TimeSpan.FromSeconds(15), default))!.DisposeAsync(),
        ];
        foreach (Func<IBlobStore, Task> write in writes)
        {
            var container = new BlobContainerClient(connection, $"c{Guid.NewGuid():N}");
            var store = new AzureBlobStore(container);
            Assert.Null(await store.FindAsync("b", default));
            Assert.Null(await store.OpenReadAsync("b", 0, default));
            Assert.False(await store.DeleteAsync("b", BlobCondition.None, default));
            await foreach (BlobEntry entry in store.ListAsync("", default)) Assert.Fail(entry.Name);
            Assert.False(await container.ExistsAsync());
            await write(store);
            Assert.True(await container.ExistsAsync());
        }
    }

    [Fact]
    public async Task A_store_that_is_away_is_unavailable_and_a_wrong_key_is_denied()
    {
        string connection = await azurite.ConnectAsync();
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        var away =
            new AzureBlobStore(new BlobContainerClient(
                "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:9/a;", "ccc", options));
        Assert.Equal(StorageFailure.Unavailable, (await Assert.ThrowsAsync<StorageException>(() => away.FindAsync("x", default))).Failure);
        string key = connection.Split("AccountKey=")[1].Split(';')[0];
        var stranger =
            new AzureBlobStore(new BlobContainerClient(connection.Replace(key, "AAAA", StringComparison.Ordinal), "ccc", options));
        var e = await Assert.ThrowsAsync<StorageException>(() => stranger.FindAsync("x", default));
        Assert.Equal(StorageFailure.Denied, e.Failure);
        Assert.Contains("look for the blob x", e.Message, StringComparison.Ordinal);
    }
}
