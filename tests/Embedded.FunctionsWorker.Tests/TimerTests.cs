using System.Threading.Channels;
using DiffusionBatch.Pipeline.Tests;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionBatch.Embedded.FunctionsWorker.Tests;

public sealed class TimerTests : IDisposable
{
    public sealed class Functions(Channel<TimerInfo> runs, SemaphoreSlim gate)
    {
        [Function("Tick")]
        public async Task Tick([TimerTrigger("%Every%")] TimerInfo timer, FunctionContext context)
        {
            await runs.Writer.WriteAsync(timer, context.CancellationToken);
            await gate.WaitAsync(context.CancellationToken);
            throw new InvalidOperationException("a run that fails");
        }
    }

    public sealed class AtStart(Channel<TimerInfo> runs)
    {
        [Function("AtStart")]
        public async Task Start([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => await runs.Writer.WriteAsync(timer);
    }

    readonly ManualTime _time = new();
    readonly Channel<TimerInfo> _runs = Channel.CreateUnbounded<TimerInfo>();
    readonly SemaphoreSlim _gate = new(1000);

    public void Dispose() => _gate.Dispose();

    Task<TestHost> StartAsync(Type functions) => TestHost.StartAsync(functions, builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton(_runs);
        builder.Services.AddSingleton(_gate);
    }, ("Every", "*/5 * * * * *"));

    Task<TimerInfo> RunAsync() => _runs.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    // The listener goes to sleep a moment after a run; until then a step of time would be missed.
    async Task<TimerInfo> AfterAsync(TimeSpan step)
    {
        await Task.Delay(200, TestContext.Current.CancellationToken);
        _time.Advance(step);
        return await RunAsync();
    }

    [Fact]
    public async Task Runs_at_its_times_also_after_a_failure()
    {
        await using TestHost host = await StartAsync(typeof(Functions));
        TimerInfo first = await AfterAsync(TimeSpan.FromSeconds(5)), second = await AfterAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((false, false), (first.IsPastDue, second.IsPastDue));
        Assert.Equal(default, first.ScheduleStatus!.Last);
        Assert.Equal(first.ScheduleStatus.Next, second.ScheduleStatus!.Next.AddSeconds(-5));
        Assert.Equal(first.ScheduleStatus.Next.AddSeconds(-5), second.ScheduleStatus.Last);
    }

    [Fact]
    public async Task Times_that_pass_during_a_run_are_made_up_for_by_one_late_run()
    {
        await using TestHost host = await StartAsync(typeof(Functions));
        while (_gate.CurrentCount > 0) await _gate.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False((await AfterAsync(TimeSpan.FromSeconds(5))).IsPastDue);
        _time.Advance(TimeSpan.FromSeconds(23));
        _gate.Release(1000);
        TimerInfo late = await RunAsync();
        Assert.True(late.IsPastDue);
        Assert.Equal(2, (int)(late.ScheduleStatus!.Next - _time.GetUtcNow().UtcDateTime).TotalSeconds);
        Assert.False((await AfterAsync(TimeSpan.FromSeconds(2))).IsPastDue);
        Assert.False(_runs.Reader.TryRead(out _));
    }

    /// <summary>A clock that moves on with each look at it, as it does for a process that is seldom let run; its timers fire at once.</summary>
    sealed class HastyTime : TimeProvider
    {
        long _looks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(1.7 * Interlocked.Increment(ref _looks));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    [Fact]
    public async Task A_time_that_passes_between_two_looks_at_the_clock_ends_nothing()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Functions), builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(new HastyTime());
            builder.Services.AddSingleton(_runs);
            builder.Services.AddSingleton(_gate);
        }, ("Every", "*/5 * * * * *"));
        DateTime last = default;
        for (int run = 0; run < 20; run++)
        {
            DateTime next = (await RunAsync()).ScheduleStatus!.Next;
            Assert.True(next > last, $"{next} after {last}");
            last = next;
        }
    }

    [Fact]
    public async Task RunOnStartup_runs_at_once()
    {
        await using TestHost host = await StartAsync(typeof(AtStart));
        Assert.False((await RunAsync()).IsPastDue);
    }

    [Fact]
    public void A_missing_setting_stops_the_start_with_its_name() =>
        Assert.Contains("'Every'", Assert.Throws<InvalidOperationException>(() => TestHost.Build(typeof(Functions))).Message, StringComparison.Ordinal);
}
