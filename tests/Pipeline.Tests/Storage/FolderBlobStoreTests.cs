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
        Assert.Equal(StorageFailure.Invalid,
            (await Assert.ThrowsAsync<StorageException>(() =>
                store.WriteAsync("a", new MemoryStream(), BlobCondition.None, default))).Failure);
        Assert.Equal(StorageFailure.Invalid,
            (await Assert.ThrowsAsync<StorageException>(() =>
                store.WriteAsync("a/b/c", new MemoryStream(), BlobCondition.None, default))).Failure);
        Assert.Null(await store.OpenReadAsync("a", 0, default));
    }

    [Fact]
    public async Task A_link_is_what_it_leads_to_and_one_that_leads_nowhere_is_not_there()
    {
        Write("blobs/b1", "0123456789");
        Write("real/x.txt", "x");
        Directory.CreateDirectory(Path.Combine(_folder, "model"));
        Link("model/weights", "../blobs/b1");
        Link("model/gone", "nothing");
        Link("model/circle", "circle");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "model/sub"), "../real");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "model/up"), "..");
        IBlobStore store = await CreateAsync();
        BlobEntry before = (await store.FindAsync("model/weights", default))!;
        Assert.Equal(10, before.Length);
        await store.WriteAsync("blobs/b1", new MemoryStream("abc"u8.ToArray()), BlobCondition.None, default);
        BlobEntry after = (await store.FindAsync("model/weights", default))!;
        Assert.Equal(3, after.Length);
        Assert.NotEqual(before.Tag, after.Tag);
        Assert.Null(await store.FindAsync("model/gone", default));
        Assert.Null(await store.FindAsync("model/circle", default));
        Assert.Equal(["model/sub/x.txt", "model/weights"], await ListedAsync(store, "model/"));
    }

    [Fact]
    public async Task Files_whose_names_no_blob_can_have_are_not_listed()
    {
        Write("d/a\\b", "x");
        Write("d/a\nb", "x");
        Write("d/c", "x");
        Assert.Equal(["d/c"], await ListedAsync(await CreateAsync(), "d/"));
    }

    [Fact]
    public async Task A_full_disk_a_read_only_one_and_a_folder_in_the_locks_place_are_told_apart()
    {
        IBlobStore store = await CreateAsync();
        using (Mount.Tiny(_folder))
        {
            var full = await Assert.ThrowsAsync<StorageException>(() =>
                store.WriteAsync("a", new MemoryStream(new byte[1 << 20]), BlobCondition.None, default));
            Assert.Equal((StorageFailure.Full, "Storage failed to write the blob a: the disk is full, or its quota used up."),
                (full.Failure, full.Message));
            Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
        }
        Write("b", "x");
        Write(".store/lock", "");
        Directory.CreateDirectory(Path.Combine(_folder, ".store/tmp"));
        using (Mount.ReadOnly(_folder))
        {
            var denied =
                await Assert.ThrowsAsync<StorageException>(() => store.WriteAsync("b", new MemoryStream([1]), BlobCondition.None, default));
            Assert.Equal((StorageFailure.Denied, "Storage failed to write the blob b: the file system is read-only."),
                (denied.Failure, denied.Message));
            // The lock's file is there: this must not be taken for another process's lock, and waited for.
            var locked = await Assert.ThrowsAsync<StorageException>(() => store.DeleteAsync("b", BlobCondition.None, default)
                .WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.Equal((StorageFailure.Denied, "Storage failed to take its lock: the file system is read-only."),
                (locked.Failure, locked.Message));
        }
    }

    void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(_folder, name), target);

    static async Task<IReadOnlyList<string>> ListedAsync(IBlobStore store, string prefix)
    {
        var names = new List<string>();
        await foreach (BlobEntry entry in store.ListAsync(prefix, default)) names.Add(entry.Name);
        return names;
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
