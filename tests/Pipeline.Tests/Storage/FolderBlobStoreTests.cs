using DiffusionBatch.Pipeline.Storage;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Tests.Storage;

public sealed class FolderBlobStoreTests : BlobStoreCompliance
{
    readonly string _folder = Directory.CreateTempSubdirectory("dbatch-blobs-").FullName;

    protected override Task<IBlobStore> CreateAsync() => Task.FromResult<IBlobStore>(new FolderBlobStore(_folder, TimeProvider.System));

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    public async Task A_blob_is_the_file_of_its_name()
    {
        IBlobStore store = await CreateAsync();
        await store.WriteAsync("data/in.jsonl", new MemoryStream("x"u8.ToArray()), BlobCondition.None, default);
        Assert.Equal("x", File.ReadAllText(Path.Combine(_folder, "data", "in.jsonl")));
        await store.DeleteAsync("data/in.jsonl", BlobCondition.None, default);
        Assert.False(Directory.Exists(Path.Combine(_folder, "data")));
    }

    [Fact]
    public async Task A_folders_name_is_refused_clearly()
    {
        IBlobStore store = await CreateAsync();
        await store.WriteAsync("a/b", new MemoryStream(), BlobCondition.None, default);
        Assert.Equal(StorageFailure.Invalid, (await Assert.ThrowsAsync<StorageException>(() => store.WriteAsync("a", new MemoryStream(), BlobCondition.None, default))).Failure);
        Assert.Equal(StorageFailure.Invalid, (await Assert.ThrowsAsync<StorageException>(() => store.WriteAsync("a/b/c", new MemoryStream(), BlobCondition.None, default))).Failure);
        Assert.Null(await store.OpenReadAsync("a", 0, default));
    }

    [Fact]
    public async Task What_a_dead_writer_left_a_week_ago_is_swept()
    {
        IBlobStore store = await CreateAsync();
        await store.StageAsync("x", "1", new byte[] { 1 }, default);
        string block = Directory.GetFiles(Path.Combine(_folder, BlobName.Reserved, "blocks"), "*", SearchOption.AllDirectories).Single();
        await CreateAsync();
        Assert.True(File.Exists(block));
        File.SetLastWriteTimeUtc(block, DateTime.UtcNow - TimeSpan.FromDays(8));
        await CreateAsync();
        Assert.False(File.Exists(block));
    }
}
