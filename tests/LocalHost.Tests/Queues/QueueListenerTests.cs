using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace DiffusionBatch.LocalHost.Tests.Queues;

public sealed class QueueListenerTests(AzuriteFixture azurite)
{
    readonly string _prefix = $"t{Guid.NewGuid():N}";

    async Task<TestHost> StartAsync(string function, params (string, string)[] more) =>
        await TestHost.StartAsync(TimeProvider.System, [function],
            [("QueueStorage", await azurite.ConnectAsync()), ("Queues", _prefix), .. more]);

    async Task<QueueClient> QueueAsync(string name, QueueMessageEncoding encoding = QueueMessageEncoding.Base64)
    {
        var queue = new QueueClient(await azurite.ConnectAsync(), $"{_prefix}-{name}",
            new QueueClientOptions { MessageEncoding = encoding });
        await queue.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        return queue;
    }

    static async Task<int> CountAsync(QueueClient queue) =>
        (await queue.GetPropertiesAsync(TestContext.Current.CancellationToken)).Value.ApproximateMessagesCount;

    [Fact]
    public async Task A_message_reaches_the_function_with_all_that_belongs_to_it_and_is_deleted()
    {
        // The queue comes later than its listener.
        await using TestHost host = await StartAsync("Take");
        QueueClient queue = await QueueAsync("take");
        await queue.SendMessageAsync("grüße", timeToLive: TimeSpan.FromHours(1), cancellationToken: TestContext.Current.CancellationToken);
        await host.WroteAsync("take grüße 1 36 01:00:00");
        await host.UntilAsync(async () => await CountAsync(queue) == 0);
    }

    [Fact]
    public async Task Many_messages_are_taken_once_each()
    {
        QueueClient queue = await QueueAsync("take");
        string[] bodies = [.. Enumerable.Range(0, 60).Select(i => $"m{i}")];
        await Task.WhenAll(bodies.Select(b => queue.SendMessageAsync(b, TestContext.Current.CancellationToken)));
        await using TestHost host = await StartAsync("Take");
        await host.UntilAsync(async () => await CountAsync(queue) == 0);
        Assert.Equal(bodies.Order(), host.Diary.Select(l => l.Split(' ')[1]).Order());
    }

    [Fact]
    public async Task A_message_that_fails_too_often_lies_in_the_poison_queue_as_it_was()
    {
        QueueClient queue = await QueueAsync("fail");
        await queue.SendMessageAsync("bad", TestContext.Current.CancellationToken);
        await using TestHost host = await StartAsync("Fail");
        // host.json says three deliveries.
        await host.WroteAsync("fail bad 3");
        await host.UntilAsync(async () => await CountAsync(queue) == 0);
        Assert.Equal(["fail bad 1", "fail bad 2", "fail bad 3"], host.Diary);
        QueueClient poison = await QueueAsync("fail-poison");
        Assert.Equal("bad",
            (await poison.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken)).Value.Body.ToString());
        Assert.Contains(host.Log, l => l.Contains("always", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_message_rests_as_long_as_host_json_says()
    {
        QueueClient queue = await QueueAsync("fail");
        await queue.SendMessageAsync("bad", TestContext.Current.CancellationToken);
        await using TestHost host = await StartAsync("Fail", ("AzureFunctionsJobHost__extensions__queues__visibilityTimeout", "01:00:00"));
        await host.UntilAsync(() => host.Log.Any(l => l.Contains("delivery 1 of 3", StringComparison.Ordinal)));
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.Equal(["fail bad 1"], host.Diary);
        Assert.Equal(1, await CountAsync(queue));
    }

    [Fact]
    public async Task A_body_that_is_no_Base64_goes_to_the_poison_queue_at_once_and_the_others_run()
    {
        QueueClient raw = await QueueAsync("take", QueueMessageEncoding.None), queue = await QueueAsync("take");
        await raw.SendMessageAsync("{not base64}", TestContext.Current.CancellationToken);
        await queue.SendMessageAsync("good", TestContext.Current.CancellationToken);
        await using TestHost host = await StartAsync("Take");
        await host.UntilAsync(async () => await CountAsync(queue) == 0);
        Assert.StartsWith("take good", Assert.Single(host.Diary), StringComparison.Ordinal);
        QueueClient poison = await QueueAsync("take-poison", QueueMessageEncoding.None);
        Assert.Equal("{not base64}",
            (await poison.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken)).Value.Body.ToString());
    }

    [Fact]
    public async Task Without_encoding_a_body_is_text_as_it_is()
    {
        QueueClient raw = await QueueAsync("take", QueueMessageEncoding.None);
        await raw.SendMessageAsync("{plain}", TestContext.Current.CancellationToken);
        await using TestHost host = await StartAsync("Take", ("AzureFunctionsJobHost__extensions__queues__messageEncoding", "none"));
        await host.WroteAsync(l => l.StartsWith("take {plain} 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_is_kept_while_its_function_runs()
    {
        QueueClient queue = await QueueAsync("hold");
        await queue.SendMessageAsync("work", TestContext.Current.CancellationToken);
        await using TestHost host = await StartAsync("Hold", ("Invisibility", "00:00:02"));
        await host.WroteAsync("hold work");
        await Task.Delay(5000, TestContext.Current.CancellationToken);
        Assert.Equal(["hold work"], host.Diary);
        Assert.Empty((await queue.ReceiveMessagesAsync(cancellationToken: TestContext.Current.CancellationToken)).Value);
    }

    [Fact]
    public async Task A_stopping_host_gives_the_message_back()
    {
        QueueClient queue = await QueueAsync("hold");
        await queue.SendMessageAsync("work", TestContext.Current.CancellationToken);
        await using (TestHost host = await StartAsync("Hold")) await host.WroteAsync("hold work");
        QueueMessage? again = await queue.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("work", 2), (again?.Body.ToString(), again?.DequeueCount));
    }

    [Fact]
    public async Task A_message_whose_worker_was_killed_comes_again()
    {
        QueueClient queue = await QueueAsync("hold");
        await queue.SendMessageAsync("work", TestContext.Current.CancellationToken);
        await using TestHost host = await StartAsync("Hold");
        await host.WroteAsync("hold work");
        using (var worker = System.Diagnostics.Process.GetProcessById(host.Host.WorkerProcessId!.Value)) worker.Kill();
        await host.UntilAsync(() => host.Diary.Count == 2);
    }

    [Fact]
    public async Task Told_of_a_message_the_host_takes_it_at_once_however_long_it_would_pause()
    {
        QueueClient queue = await QueueAsync("take");
        await using TestHost host = await StartAsync("Take", ("AzureFunctionsJobHost__extensions__queues__maxPollingInterval", "01:00:00"));
        for (int message = 0; message < 2; message++)
        {
            // Until its pauses are longer than what follows: 0.2, 0.4, 0.8, 1.6, 3.2, 6.4 s.
            await Task.Delay(TimeSpan.FromSeconds(6.5), TestContext.Current.CancellationToken);
            await queue.SendMessageAsync($"m{message}", TestContext.Current.CancellationToken);
            var waited = System.Diagnostics.Stopwatch.StartNew();
            host.Host.LookAtQueues();
            await host.WroteAsync(l => l.StartsWith($"take m{message}", StringComparison.Ordinal));
            Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task A_missing_connection_stops_the_start_with_what_to_do()
    {
        var refused = await Assert.ThrowsAsync<FunctionsHostException>(() => TestHost.StartAsync(TimeProvider.System, ["Take"]));
        Assert.Contains("AzureWebJobs.Take.Disabled", refused.Message, StringComparison.Ordinal);
    }
}
