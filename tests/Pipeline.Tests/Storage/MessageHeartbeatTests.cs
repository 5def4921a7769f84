using DiffusionBatch.Pipeline.Storage;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Tests.Storage;

public sealed class MessageHeartbeatTests
{
    static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    readonly ManualTime _time = new();
    readonly FlakyQueue _queue;

    public MessageHeartbeatTests() => _queue = new FlakyQueue(new MemoryWorkQueue(_time));

    [Fact]
    public async Task A_message_stays_ours_as_long_as_it_beats()
    {
        WorkMessage message = await TakeAsync();
        await using (MessageHeartbeat beat = MessageHeartbeat.Start(_queue, message, s_minute, _time))
        {
            for (int third = 0; third < 12; third++)
            {
                await Pass(s_minute / 3);
                Assert.Empty(await _queue.ReceiveAsync(1, s_minute, default));
                Assert.False(beat.Lost.IsCancellationRequested);
            }
        }
        await Pass(2 * s_minute);
        Assert.Single(await _queue.ReceiveAsync(1, s_minute, default));
    }

    [Fact]
    public async Task Work_on_a_message_that_is_gone_is_told_to_stop()
    {
        WorkMessage message = await TakeAsync();
        await using MessageHeartbeat beat = MessageHeartbeat.Start(_queue, message, s_minute, _time);
        await _queue.DeleteAsync(message, default);
        await Pass(s_minute / 3);
        Assert.True(beat.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Work_whose_claim_is_lost_is_told_to_stop()
    {
        WorkMessage message = await TakeAsync();
        await using MessageHeartbeat beat = MessageHeartbeat.Start(_queue, message, s_minute, _time, _ => Task.FromResult(false));
        await Pass(s_minute / 3);
        Assert.True(beat.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_short_outage_is_borne_and_a_long_one_ends_the_work()
    {
        WorkMessage message = await TakeAsync();
        await using MessageHeartbeat beat = MessageHeartbeat.Start(_queue, message, s_minute, _time);
        _queue.Away = true;
        await Pass(s_minute / 3);
        Assert.False(beat.Lost.IsCancellationRequested);
        _queue.Away = false;
        await Pass(s_minute / 3);
        Assert.False(beat.Lost.IsCancellationRequested);
        _queue.Away = true;
        for (int third = 0; third < 3; third++) await Pass(s_minute / 3);
        Assert.True(beat.Lost.IsCancellationRequested);
    }

    async Task<WorkMessage> TakeAsync()
    {
        await _queue.SendAsync("x", TimeSpan.Zero, default);
        return Assert.Single(await _queue.ReceiveAsync(1, s_minute, default));
    }

    async Task Pass(TimeSpan time)
    {
        _time.Advance(time);
        // The beat goes on on the thread pool.
        for (int i = 0; i < 20; i++) await Task.Delay(2);
    }

    /// <summary>A queue that can be away.</summary>
    sealed class FlakyQueue(IWorkQueue inner) : IWorkQueue
    {
        public bool Away { get; set; }

        public Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken) =>
            inner.SendAsync(body, delay, cancellationToken);

        public Task<IReadOnlyList<WorkMessage>> ReceiveAsync(int count, TimeSpan invisibility, CancellationToken cancellationToken) =>
            inner.ReceiveAsync(count, invisibility, cancellationToken);

        public Task<bool> RenewAsync(WorkMessage message, TimeSpan invisibility, CancellationToken cancellationToken) =>
            Away
                ? throw new StorageException(StorageFailure.Unavailable, "The queue is away.")
                : inner.RenewAsync(message, invisibility, cancellationToken);

        public Task<bool> DeleteAsync(WorkMessage message, CancellationToken cancellationToken) =>
            inner.DeleteAsync(message, cancellationToken);

        public Task<long> CountAsync(CancellationToken cancellationToken) => inner.CountAsync(cancellationToken);
    }
}
