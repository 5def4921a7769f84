using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Tests.Storage;

public sealed class QueueBellTests : IDisposable
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    readonly string _folder = Directory.CreateTempSubdirectory("dbatch-bell-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string File => Path.Combine(_folder, "bell");

    [Fact]
    public async Task A_ring_is_heard_by_all_who_listen_and_by_each_again()
    {
        using var first = new QueueBell(File);
        using var second = new QueueBell(File);
        using var ringer = new QueueBell(File);
        int rung = 0;
        second.Rung += () => Interlocked.Increment(ref rung);
        Assert.True(first.Listen() && second.Listen());
        for (int ring = 1; ring <= 3; ring++)
        {
            Task one = first.Next, other = second.Next;
            Assert.False(one.IsCompleted || other.IsCompleted);
            ringer.Ring();
            await Task.WhenAll(one, other).WaitAsync(s_limit, TestContext.Current.CancellationToken);
            // A ring may be told of more than once; the next one is to be a new one.
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        Assert.True(rung >= 3);
        Assert.False(ringer.Hears);
    }

    [Fact]
    public async Task A_ring_between_asking_and_waiting_is_not_lost()
    {
        using var bell = new QueueBell(File);
        Assert.True(bell.Listen());
        Task next = bell.Next;
        bell.Ring();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.True(next.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Many_processes_ring_at_once()
    {
        using var bell = new QueueBell(File);
        Assert.True(bell.Listen());
        Task next = bell.Next;
        Parallel.For(0, 200, _ => bell.Ring());
        await next.WaitAsync(s_limit, TestContext.Current.CancellationToken);
        Assert.Equal(1, new FileInfo(File).Length);
    }

    [Fact]
    public void Where_nobody_can_ring_or_listen_nothing_fails()
    {
        using var bell = new QueueBell(Path.Combine(_folder, "gone", "bell"));
        bell.Ring();
        Assert.False(bell.Listen() || bell.Hears);
        Assert.False(bell.Next.IsCompleted);
    }
}
