using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Local;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Local;

/// <summary>Why a root can't be worked on: another process, a disk, a permission, each told as what it is.</summary>
public sealed class RootLockTests : IDisposable
{
    readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    async Task<string?> FailAsync()
    {
        JobOutcome outcome = await _root.Run(TestRoot.Sample(), new FakeTasks());
        Assert.Equal(JobVerdict.Failed, outcome.Verdict);
        return outcome.Error;
    }

    [Fact]
    public async Task A_root_that_another_has_is_in_use_by_that_process()
    {
        using (RootLock.Take(_root.Folder, TimeProvider.System))
        {
            Assert.StartsWith($"{_root.Folder} is in use by process {RootLock.Me} since ", await FailAsync(), StringComparison.Ordinal);
            File.Delete(_root.Path("dbatch.db.owner"));
            Assert.Equal($"{_root.Folder} is in use by another process, which hasn't said its name; wait until it is done, or choose "
                + $"another --root.", await FailAsync());
        }
        Assert.Equal(JobVerdict.Done, (await _root.Run(TestRoot.Sample(), new FakeTasks())).Verdict);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_read_only_root_is_that_with_an_old_lock_and_without(bool old)
    {
        if (old) _root.Write("dbatch.db.lock", "");
        using var mount = Mount.ReadOnly(_root.Folder);
        Assert.Equal($"{_root.Folder} can't be written: the file system is read-only (dbatch.db.lock); mend that, or choose another "
            + $"--root.", await FailAsync());
    }

    [Fact]
    public async Task A_full_disk_is_that()
    {
        // Opens, and takes no byte.
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        File.CreateSymbolicLink(_root.Path("dbatch.db.owner"), "/dev/full");
        Assert.Equal($"{_root.Folder} can't be written: the disk is full, or its quota used up (dbatch.db.owner); mend that, or choose "
            + $"another --root.", await FailAsync());
        File.Delete(_root.Path("dbatch.db.owner"));
        Assert.Equal(JobVerdict.Done, (await _root.Run(TestRoot.Sample(), new FakeTasks())).Verdict);
    }

    [Theory]
    [InlineData("dbatch.db.lock")]
    [InlineData("dbatch.db.owner")]
    public async Task A_folder_in_a_files_place_is_that(string file)
    {
        Directory.CreateDirectory(_root.Path(file));
        Assert.Equal($"{_root.Folder} can't be written: a folder is in its place ({file}); mend that, or choose another --root.",
            await FailAsync());
    }

    [Fact]
    public async Task An_index_that_cannot_be_opened_says_why()
    {
        Directory.CreateDirectory(_root.Path("dbatch.db"));
        Assert.EndsWith("dbatch.db, the index of the jobs, can't be used: a folder is in its place", await FailAsync(),
            StringComparison.Ordinal);
        Directory.Delete(_root.Path("dbatch.db"));
        Assert.Equal(JobVerdict.Done, (await _root.Run(TestRoot.Sample(), new FakeTasks())).Verdict);
        File.WriteAllText(_root.Path("dbatch.db"), new string('x', 5000));
        Assert.Contains("move the file away, and the index is made anew", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_output_is_no_lock()
    {
        Directory.CreateDirectory(_root.Path("results"));
        using var mount = Mount.ReadOnly(_root.Path("results"));
        Assert.Equal("Storage failed to write the blob results/s/manifest.json: the file system is read-only.", await FailAsync());
    }
}
