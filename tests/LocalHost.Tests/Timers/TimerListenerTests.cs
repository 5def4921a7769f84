
namespace DiffusionBatch.LocalHost.Tests.Timers;

public sealed class TimerListenerTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_timer_runs_by_the_clock_and_makes_up_once_for_times_that_passed_during_a_run()
    {
        var time = new ManualTime();
        string gate = Path.GetTempFileName();
        await using TestHost host = await TestHost.StartAsync(time, ["Often"], ("Gate", gate));
        // A step may come before the listener has looked at the clock; the next one then starts it.
        await host.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            for (int wait = 0; wait < 60 && host.Diary.Count == 0; wait++) await Task.Delay(50);
            return host.Diary.Count == 1;
        });
        time.Advance(TimeSpan.FromSeconds(10));
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(["often False"], host.Diary);
        File.Delete(gate);
        await host.WroteAsync("often True");
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(["often False", "often True"], host.Diary);
    }

    [Fact]
    public async Task A_time_that_passed_while_nothing_ran_is_made_up_for_once()
    {
        (string, string)[] settings = [("AzureWebJobsStorage", await azurite.ConnectAsync()),
            ("AzureFunctionsWebHost__hostid", Guid.NewGuid().ToString("N"))];
        var time = new ManualTime();
        await using (TestHost host = await TestHost.StartAsync(time, ["Daily"], settings))
        {
            // It runs at start, and at four.
            await host.WroteAsync("daily False 2026-01-01T04:00:00.0000000Z");
            await host.UntilAsync(() =>
            {
                if (time.GetUtcNow().Hour < 4) time.Advance(TimeSpan.FromHours(1));
                return host.Diary.Contains("daily False 2026-01-02T04:00:00.0000000Z");
            });
        }
        var later = new ManualTime();
        later.Advance(TimeSpan.FromDays(3));
        await using TestHost again = await TestHost.StartAsync(later, ["Daily"], settings);
        await again.WroteAsync("daily True 2026-01-04T04:00:00.0000000Z");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Single(again.Diary);
    }

    [Fact]
    public async Task A_storage_that_is_away_stops_no_timer()
    {
        await using TestHost host = await TestHost.StartAsync(TimeProvider.System, ["Daily"],
            ("AzureWebJobsStorage", "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=aaaa;BlobEndpoint=http://127.0.0.1:1/a;"));
        await host.WroteAsync(l => l.StartsWith("daily False", StringComparison.Ordinal));
        Assert.Contains(host.Log, l => l.Contains("When function 'Daily' ran last can't be read", StringComparison.Ordinal));
    }
}
