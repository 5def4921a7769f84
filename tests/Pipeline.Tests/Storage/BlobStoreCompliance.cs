using DiffusionBatch.Pipeline.Storage;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Tests.Storage;

/// <summary>What every blob store must do, run by each backend.</summary>
public abstract class BlobStoreCompliance : IAsyncLifetime
{
    static readonly CancellationToken s_token = CancellationToken.None;

    IBlobStore? _store;

    IBlobStore Store => _store!;

    protected abstract Task<IBlobStore> CreateAsync();

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(AzureBlobStore.BlockBytes)]
    [InlineData((2 * AzureBlobStore.BlockBytes) + 17)]
    public async Task What_is_written_is_read(int length)
    {
        byte[] bytes = Bytes(length, 1);
        BlobWrite write = await Store.WriteAsync("a/b/c.bin", new MemoryStream(bytes), BlobCondition.None, s_token);
        Assert.Equal(BlobOutcome.Written, write.Outcome);
        BlobEntry entry = (await Store.FindAsync("a/b/c.bin", s_token))!;
        Assert.Equal(("a/b/c.bin", (long)length, write.Tag), (entry.Name, entry.Length, entry.Tag));
        Assert.Equal(bytes, await ReadAsync("a/b/c.bin"));
    }

    [Fact]
    public async Task A_stream_that_does_not_know_its_length_is_written_whole()
    {
        byte[] bytes = Bytes(AzureBlobStore.BlockBytes + 3, 2);
        await Store.WriteAsync("pipe", new OneWayStream(bytes), BlobCondition.Absent, s_token);
        Assert.Equal(bytes, await ReadAsync("pipe"));
    }

    [Fact]
    public async Task Reading_starts_where_it_is_told()
    {
        byte[] bytes = Bytes(1000, 3);
        await Write("x", bytes);
        byte[] rest = await ReadAsync("x", 400);
        Assert.Equal(bytes[400..], rest);
        Assert.Empty(await ReadAsync("x", 1000));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync("x", 1001));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync("x", -1));
    }

    [Fact]
    public async Task What_is_not_there_is_null_not_an_error()
    {
        Assert.Null(await Store.FindAsync("no/such", s_token));
        Assert.Null(await Store.OpenReadAsync("no/such", 0, s_token));
        Assert.False(await Store.DeleteAsync("no/such", BlobCondition.None, s_token));
    }

    [Fact]
    public async Task Create_once_happens_once()
    {
        Assert.True((await Store.WriteAsync("once", Content("first"), BlobCondition.Absent, s_token)).Succeeded);
        Assert.Equal(new BlobWrite(BlobOutcome.Exists, null),
            await Store.WriteAsync("once", Content("second"), BlobCondition.Absent, s_token));
        Assert.Equal("first", await Text("once"));
    }

    [Fact]
    public async Task Of_many_that_create_at_once_one_wins_and_its_bytes_stay()
    {
        BlobWrite[] writes = await Task.WhenAll(Enumerable.Range(0, 24)
            .Select(i => Store.WriteAsync("race", Content($"writer {i}"), BlobCondition.Absent, s_token)));
        int winner = Assert.Single(Enumerable.Range(0, 24), i => writes[i].Succeeded);
        Assert.All(writes, w => Assert.True(w.Succeeded || w.Outcome == BlobOutcome.Exists));
        Assert.Equal($"writer {winner}", await Text("race"));
    }

    [Fact]
    public async Task Long_contents_of_two_writers_never_mix()
    {
        byte[][] contents = [.. Enumerable.Range(0, 3).Select(i => Bytes(AzureBlobStore.BlockBytes + 100, i))];
        BlobWrite[] writes =
            await Task.WhenAll(contents.Select(c => Store.WriteAsync("long", new MemoryStream(c), BlobCondition.Absent, s_token)));
        int winner = Assert.Single(Enumerable.Range(0, 3), i => writes[i].Succeeded);
        Assert.Equal(contents[winner], await ReadAsync("long"));
    }

    [Fact]
    public async Task Compare_and_swap_counts_without_losing_one()
    {
        await Write("count", "0"u8.ToArray());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int done = 0; done < 5;)
            {
                BlobEntry entry = (await Store.FindAsync("count", s_token))!;
                string text = await Text("count");
                BlobWrite write = await Store.WriteAsync("count", Content($"{int.Parse(text) + 1}"), BlobCondition.Matches(entry.Tag),
                    s_token);
                if (write.Succeeded) done++;
                else Assert.Equal(BlobOutcome.Changed, write.Outcome);
            }
        })));
        Assert.Equal("20", await Text("count"));
    }

    [Fact]
    public async Task A_blob_has_one_tag_written_found_or_listed()
    {
        string written = (await Write("tags/a", "a"u8.ToArray())).Tag!;
        BlobEntry found = (await Store.FindAsync("tags/a", s_token))!;
        await foreach (BlobEntry listed in Store.ListAsync("tags/", s_token)) Assert.Equal((written, found), (listed.Tag, listed));
    }

    [Fact]
    public async Task A_tag_that_is_old_or_of_nothing_changes_nothing()
    {
        string old = (await Write("swap", "a"u8.ToArray())).Tag!;
        string now = (await Write("swap", "b"u8.ToArray())).Tag!;
        Assert.NotEqual(old, now);
        Assert.Equal(BlobOutcome.Changed, (await Store.WriteAsync("swap", Content("c"), BlobCondition.Matches(old), s_token)).Outcome);
        Assert.Equal(BlobOutcome.Changed, (await Store.WriteAsync("gone", Content("c"), BlobCondition.Matches(old), s_token)).Outcome);
        Assert.False(await Store.DeleteAsync("swap", BlobCondition.Matches(old), s_token));
        Assert.Equal("b", await Text("swap"));
        Assert.True(await Store.DeleteAsync("swap", BlobCondition.Matches(now), s_token));
        Assert.Null(await Store.FindAsync("swap", s_token));
    }

    [Fact]
    public async Task Staged_blocks_are_unseen_until_they_are_committed_in_the_order_given()
    {
        await Stage("staged", "1-b", "world");
        await Stage("staged", "1-a", "hello ");
        await Stage("staged", "2-a", "another attempt's");
        Assert.Null(await Store.FindAsync("staged", s_token));
        Assert.Empty(await Names("staged"));
        Assert.True((await Store.CommitAsync("staged", ["1-a", "1-b"], BlobCondition.Absent, s_token)).Succeeded);
        Assert.Equal("hello world", await Text("staged"));
    }

    [Fact]
    public async Task Of_two_attempts_that_commit_the_second_finds_the_first()
    {
        await Stage("part", "1-0", "same bytes");
        await Stage("part", "2-0", "same bytes");
        Assert.True((await Store.CommitAsync("part", ["1-0"], BlobCondition.Absent, s_token)).Succeeded);
        await Stage("part", "2-1", "same bytes");
        Assert.Equal(BlobOutcome.Exists, (await Store.CommitAsync("part", ["2-1"], BlobCondition.Absent, s_token)).Outcome);
    }

    [Fact]
    public async Task A_block_that_is_not_staged_cannot_be_committed()
    {
        await Stage("holes", "1-0", "x");
        var e = await Assert.ThrowsAsync<StorageException>(() => Store.CommitAsync("holes", ["1-0", "1-1"], BlobCondition.None, s_token));
        Assert.Equal(StorageFailure.Invalid, e.Failure);
        Assert.Null(await Store.FindAsync("holes", s_token));
    }

    [Fact]
    public async Task Listing_is_in_ordinal_order_and_by_prefix()
    {
        string[] names = ["a-b", "a/b", "a/b-c/d", "a/b/c", "a/c", "aa", "B", "b/x/y/z", "ä"];
        string[] possible = [.. names.Where(n => n is not "a/b")]; // where a/b is a folder it can't be a file
        foreach (string name in possible.Reverse()) await Write(name, "x"u8.ToArray());
        Assert.Equal(possible.Order(StringComparer.Ordinal), await Names(""));
        Assert.Equal(["a/b-c/d", "a/b/c", "a/c"], await Names("a/"));
        Assert.Equal(["a/b-c/d", "a/b/c"], await Names("a/b"));
        Assert.Equal(["a/b/c"], await Names("a/b/"));
        Assert.Empty(await Names("c"));
    }

    [Fact]
    public async Task A_reader_keeps_the_version_it_opened_while_it_is_replaced()
    {
        byte[] before = Bytes(300_000, 5);
        await Write("v", before);
        await using Stream stream = (await Store.OpenReadAsync("v", 0, s_token))!;
        var first = new byte[1000];
        await stream.ReadExactlyAsync(first);
        Assert.Equal(before[..1000], first);
        await Write("v", Bytes(10, 6));
        Assert.Equal(Bytes(10, 6), await ReadAsync("v"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("./a")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("c:/a")]
    [InlineData(".store/leases/x")]
    public async Task Names_that_could_lead_elsewhere_are_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.WriteAsync(name, Content("x"), BlobCondition.None, s_token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.StageAsync(name, "1", default, s_token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(name, BlobCondition.None, s_token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.OpenReadAsync(name, 0, s_token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.FindAsync(name, s_token));
    }

    [Fact]
    public async Task Every_name_is_kept_as_it_is()
    {
        foreach (string name in FileNames.All)
            Assert.Equal(BlobOutcome.Written, (await Store.WriteAsync($"n/{name}", Content(name), BlobCondition.Absent, s_token)).Outcome);
        foreach (string name in FileNames.All)
        {
            Assert.Equal(name, await Text($"n/{name}"));
            Assert.Equal($"n/{name}", (await Store.FindAsync($"n/{name}", s_token))?.Name);
            Assert.Equal([$"n/{name}"], (await Names($"n/{name}")).Where(n => n == $"n/{name}"));
        }
        Assert.Equal(FileNames.All.Select(name => $"n/{name}").Order(StringComparer.Ordinal), await Names("n/"));
        foreach (string name in FileNames.All)
            Assert.True((await Store.WriteAsync($"f/{name}/{name}", Content(name), BlobCondition.Absent, s_token)).Succeeded);
        Assert.Equal(FileNames.All.Select(name => $"f/{name}/{name}").Order(StringComparer.Ordinal), await Names("f/"));
        foreach (string name in FileNames.All) Assert.True(await Store.DeleteAsync($"n/{name}", BlobCondition.None, s_token));
        Assert.Empty(await Names("n/"));
    }

    [Fact]
    public async Task A_name_that_cannot_be_kept_is_refused_with_the_reason()
    {
        foreach ((string name, string why) in FileNames.Unfit)
            foreach (string place in (string[])["", "n/"])
                Assert.Contains(why,
                    (await Assert.ThrowsAsync<ArgumentException>(() =>
                        Store.WriteAsync(place + name, Content("x"), BlobCondition.None, s_token))).Message, StringComparison.Ordinal);
        Assert.Empty(await Names(""));
    }

    [Fact]
    public async Task A_lease_is_one_holders_until_it_is_given_back()
    {
        IBlobLease lease = (await Store.LeaseAsync("relay", TimeSpan.FromSeconds(15), s_token))!;
        Assert.Null(await Store.LeaseAsync("relay", TimeSpan.FromSeconds(15), s_token));
        Assert.NotNull(await Store.LeaseAsync("other", TimeSpan.FromSeconds(15), s_token));
        Assert.True(await lease.RenewAsync(s_token));
        await lease.DisposeAsync();
        Assert.NotNull(await Store.LeaseAsync("relay", TimeSpan.FromSeconds(15), s_token));
        Assert.False(await lease.RenewAsync(s_token));
        Assert.Empty(await Names(""));
    }

    [Fact]
    public async Task A_write_whose_source_fails_leaves_nothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Store.WriteAsync("torn", new OneWayStream(Bytes(AzureBlobStore.BlockBytes + 10, 1), fails: true), BlobCondition.None, s_token));
        Assert.Null(await Store.FindAsync("torn", s_token));
        Assert.Empty(await Names(""));
    }

    Task<BlobWrite> Write(string name, byte[] bytes) => Store.WriteAsync(name, new MemoryStream(bytes), BlobCondition.None, s_token);

    Task Stage(string name, string block, string text) => Store.StageAsync(name, block, System.Text.Encoding.UTF8.GetBytes(text), s_token);

    async Task<string> Text(string name) => System.Text.Encoding.UTF8.GetString(await ReadAsync(name));

    async Task<byte[]> ReadAsync(string name, long offset = 0)
    {
        await using Stream stream = (await Store.OpenReadAsync(name, offset, s_token))!;
        var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    async Task<string[]> Names(string prefix)
    {
        var names = new List<string>();
        await foreach (BlobEntry entry in Store.ListAsync(prefix, s_token)) names.Add(entry.Name);
        return [.. names];
    }

    static MemoryStream Content(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
