using System.Threading.Channels;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using DiffusionBatch.Pipeline.Tests.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Hosting.Queues;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionBatch.Embedded.FunctionsWorker.Tests;

public sealed class QueueTests(AzuriteFixture azurite)
{
    public sealed record Order(string Name, int Count);

    public sealed class Functions(Channel<string> seen)
    {
        [Function("Text")]
        public async Task Text([QueueTrigger("%Prefix%-text", Connection = "Storage")] string body, FunctionContext context) =>
            await seen.Writer.WriteAsync($"{body} {context.BindingContext.BindingData["DequeueCount"]}");

        [Function("Typed")]
        public async Task Typed([QueueTrigger("%Prefix%-typed", Connection = "Storage")] Order order) => await seen.Writer.WriteAsync($"{order.Count} {order.Name}");

        [Function("Raw")]
        public async Task Raw([QueueTrigger("%Prefix%-raw", Connection = "Storage")] QueueMessage message) => await seen.Writer.WriteAsync($"{message.Body} {message.MessageId.Length}");

        [Function("Failing")]
        public async Task Failing([QueueTrigger("%Prefix%-failing", Connection = "Storage")] string body, int dequeueCount)
        {
            await seen.Writer.WriteAsync($"{body} {dequeueCount}");
            throw new InvalidOperationException("always");
        }

        [Function("Slow")]
        public async Task Slow([QueueTrigger("%Prefix%-slow", Connection = "Storage")] string body, CancellationToken cancel)
        {
            await seen.Writer.WriteAsync(body, cancel);
            await Task.Delay(Timeout.Infinite, cancel);
        }
    }

    readonly string _prefix = $"t{Guid.NewGuid():N}";
    readonly Channel<string> _seen = Channel.CreateUnbounded<string>();

    async Task<TestHost> StartAsync() =>
        await TestHost.StartAsync(typeof(Functions), builder => builder.Services.AddSingleton(_seen), ("Storage", await azurite.ConnectAsync()), ("Prefix", _prefix));

    async Task<QueueClient> QueueAsync(string name)
    {
        var queue = new QueueClient(await azurite.ConnectAsync(), $"{_prefix}-{name}", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        return queue;
    }

    Task<string> SeenAsync() => _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    static async Task<int> CountAsync(QueueClient queue) => (await queue.GetPropertiesAsync(TestContext.Current.CancellationToken)).Value.ApproximateMessagesCount;

    static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (int i = 0; !await holds(); i++)
        {
            Assert.True(i < 600);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("text", "hello", "hello 1")]
    [InlineData("typed", """{"name":"b","count":3}""", "3 b")]
    [InlineData("raw", "x", "x 36")]
    public async Task A_message_reaches_the_function_in_its_form_and_is_deleted(string name, string body, string expected)
    {
        QueueClient queue = await QueueAsync(name);
        await queue.SendMessageAsync(body, TestContext.Current.CancellationToken);
        await using TestHost host = await StartAsync();
        Assert.Equal(expected, await SeenAsync());
        await UntilAsync(async () => await CountAsync(queue) == 0);
    }

    [Fact]
    public async Task After_five_failures_a_message_lies_in_the_poison_queue()
    {
        QueueClient queue = await QueueAsync("failing"), poison = await QueueAsync("failing-poison");
        await queue.SendMessageAsync("bad", TestContext.Current.CancellationToken);
        await using TestHost host = await StartAsync();
        for (int delivery = 1; delivery <= 5; delivery++) Assert.Equal($"bad {delivery}", await SeenAsync());
        await UntilAsync(async () => await CountAsync(queue) == 0 && await CountAsync(poison) == 1);
        Assert.Equal("bad", (await poison.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken)).Value.Body.ToString());
    }

    [Fact]
    public async Task A_stopping_host_gives_the_message_back()
    {
        QueueClient queue = await QueueAsync("slow");
        await queue.SendMessageAsync("work", TestContext.Current.CancellationToken);
        await using (TestHost host = await StartAsync())
        {
            Assert.Equal("work", await SeenAsync());
            await host.StopAsync();
        }
        QueueMessage? again = await queue.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("work", 2), (again?.Body.ToString(), again?.DequeueCount));
    }

    [Fact]
    public async Task A_message_is_kept_while_its_function_runs()
    {
        QueueClient queue = await QueueAsync("slow");
        await queue.SendMessageAsync("work", TestContext.Current.CancellationToken);
        var entry = Assert.Single(Microsoft.Azure.Functions.Worker.Hosting.FunctionCatalog.Of([typeof(Functions)]), f => f.Name == "Slow");
        var services = new ServiceCollection().AddSingleton(_seen).BuildServiceProvider();
        var listener = new QueueListener(entry, queue, queue, new QueueSettings(), new Microsoft.Azure.Functions.Worker.Hosting.Invocation.FunctionInvoker(services, []),
            TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<QueueListener>.Instance)
        {
            Invisibility = TimeSpan.FromSeconds(1),
        };
        await listener.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal("work", await SeenAsync());
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        Assert.Empty((await queue.ReceiveMessagesAsync(cancellationToken: TestContext.Current.CancellationToken)).Value);
        Assert.False(_seen.Reader.TryRead(out _));
        await listener.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_missing_connection_stops_the_start_with_what_to_do() =>
        Assert.Contains("AzureWebJobs.Text.Disabled", Assert.Throws<InvalidOperationException>(() => TestHost.Build(typeof(Functions), null, ("Prefix", "p"))).Message, StringComparison.Ordinal);
}
