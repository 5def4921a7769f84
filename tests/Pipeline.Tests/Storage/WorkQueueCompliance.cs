using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Tests.Storage;

/// <summary>What every queue must do, run by each backend.</summary>
public abstract class WorkQueueCompliance : IAsyncLifetime
{
    static readonly TimeSpan s_long = TimeSpan.FromSeconds(60), s_short = TimeSpan.FromSeconds(1);

    IWorkQueue? _queue;

    IWorkQueue Queue => _queue!;

    protected abstract Task<IWorkQueue> CreateAsync();

    /// <summary>Lets time pass.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    public async ValueTask InitializeAsync() => _queue = await CreateAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_sent_is_received_once_while_it_is_held()
    {
        await Send("{\"v\":1,\"<ü>\":\"😀\"}");
        WorkMessage message = Assert.Single(await Receive(s_long));
        Assert.Equal("{\"v\":1,\"<ü>\":\"😀\"}", message.Body);
        Assert.Equal(1, message.Deliveries);
        Assert.Empty(await Receive(s_long));
        Assert.Equal(1, await Queue.CountAsync(default));
        Assert.True(await Queue.DeleteAsync(message, default));
        Assert.Equal(0, await Queue.CountAsync(default));
    }

    [Fact]
    public async Task A_lapsed_message_comes_back_and_the_old_holder_finds_it_gone()
    {
        await Send("work");
        WorkMessage first = Assert.Single(await Receive(s_short));
        await PassAsync(s_short + TimeSpan.FromMilliseconds(500));
        WorkMessage second = Assert.Single(await Receive(s_long));
        Assert.Equal((first.Id, 2), (second.Id, second.Deliveries));
        Assert.False(await Queue.RenewAsync(first, s_long, default));
        Assert.False(await Queue.DeleteAsync(first, default));
        Assert.True(await Queue.DeleteAsync(second, default));
        Assert.False(await Queue.DeleteAsync(second, default));
        Assert.False(await Queue.RenewAsync(second, s_long, default));
    }

    [Fact]
    public async Task A_lapsed_message_that_nobody_took_is_still_its_holders()
    {
        await Send("work");
        WorkMessage message = Assert.Single(await Receive(s_short));
        await PassAsync(s_short + TimeSpan.FromMilliseconds(500));
        Assert.True(await Queue.RenewAsync(message, s_long, default));
        Assert.Empty(await Receive(s_long));
        Assert.True(await Queue.DeleteAsync(message, default));
    }

    [Fact]
    public async Task Renewing_keeps_a_message_and_its_newest_receipt()
    {
        await Send("work");
        WorkMessage message = Assert.Single(await Receive(s_short));
        for (int i = 0; i < 3; i++) Assert.True(await Queue.RenewAsync(message, s_long, default));
        await PassAsync(s_short + TimeSpan.FromMilliseconds(500));
        Assert.Empty(await Receive(s_long));
        Assert.True(await Queue.DeleteAsync(message, default));
    }

    [Fact]
    public async Task A_message_can_be_given_back_at_once_or_later()
    {
        await Send("work");
        WorkMessage message = Assert.Single(await Receive(s_long));
        Assert.True(await Queue.RenewAsync(message, TimeSpan.Zero, default));
        message = Assert.Single(await Receive(s_long));
        Assert.Equal(2, message.Deliveries);
        Assert.True(await Queue.RenewAsync(message, s_short, default));
        Assert.Empty(await Receive(s_long));
        await PassAsync(s_short + TimeSpan.FromMilliseconds(500));
        Assert.Single(await Receive(s_long));
    }

    [Fact]
    public async Task A_delayed_message_comes_later()
    {
        await Queue.SendAsync("later", s_short, default);
        Assert.Empty(await Receive(s_long));
        Assert.Equal(1, await Queue.CountAsync(default));
        await PassAsync(s_short + TimeSpan.FromMilliseconds(500));
        Assert.Equal("later", Assert.Single(await Receive(s_long)).Body);
    }

    [Fact]
    public async Task Consumers_at_once_share_the_messages_without_doubles()
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Send($"{i}")));
        var bodies = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            for (IReadOnlyList<WorkMessage> batch; (batch = await Queue.ReceiveAsync(5, s_long, default)).Count > 0;)
                foreach (WorkMessage message in batch)
                {
                    bodies.Add(message.Body);
                    Assert.True(await Queue.DeleteAsync(message, default));
                }
        })));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}").Order(StringComparer.Ordinal), bodies.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_longest_body_passes_and_a_longer_one_is_refused()
    {
        string longest = new('x', IWorkQueue.MaxBodyBytes);
        await Send(longest);
        Assert.Equal(longest, Assert.Single(await Receive(s_long)).Body);
        await Assert.ThrowsAsync<ArgumentException>(() => Send(longest + "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => Send(new string('ä', (IWorkQueue.MaxBodyBytes / 2) + 1)));
    }

    [Fact]
    public async Task What_the_service_refuses_is_refused_before()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Queue.ReceiveAsync(0, s_long, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Queue.ReceiveAsync(33, s_long, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Queue.ReceiveAsync(1, TimeSpan.Zero, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Queue.SendAsync("x", TimeSpan.FromDays(8), default));
    }

    Task Send(string body) => Queue.SendAsync(body, TimeSpan.Zero, default);

    Task<IReadOnlyList<WorkMessage>> Receive(TimeSpan invisibility) => Queue.ReceiveAsync(32, invisibility, default);
}
