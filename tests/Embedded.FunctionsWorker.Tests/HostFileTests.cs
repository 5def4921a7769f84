using Microsoft.Azure.Functions.Worker.Hosting;
using Microsoft.Azure.Functions.Worker.Hosting.Queues;

namespace DiffusionBatch.Embedded.FunctionsWorker.Tests;

public sealed class HostFileTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    HostFile Read(string json)
    {
        File.WriteAllText(_path, json);
        return HostFile.Read(_path);
    }

    [Fact]
    public void Functions_own_defaults_hold_where_nothing_is_said() =>
        Assert.Equal(new HostFile("api", new QueueSettings()), Read("""{ "version": "2.0" }"""));

    [Fact]
    public void What_is_said_is_read()
    {
        HostFile host = Read("""
            { // a comment
              "extensions": { "http": { "routePrefix": "/v1/" },
                "queues": { "batchSize": 4, "maxDequeueCount": 3, "visibilityTimeout": "00:00:30", "maxPollingInterval": "00:00:02", "messageEncoding": "none" } } }
            """);
        Assert.Equal("v1", host.RoutePrefix);
        Assert.Equal(new QueueSettings { BatchSize = 4, NewBatchThreshold = 2, MaxDequeueCount = 3, VisibilityTimeout = TimeSpan.FromSeconds(30), MaxPollingInterval = TimeSpan.FromSeconds(2), IsBase64 = false }, host.Queues);
    }

    [Theory]
    [InlineData("""{ "extensions": { "queues": { "batchSize": 33 } } }""", "batchSize is 33; it goes from 1 to 32")]
    [InlineData("""{ "extensions": { "queues": { "batchSize": "many" } } }""", "")]
    [InlineData("""{ "extensions": { "queues": { "maxPollingInterval": "soon" } } }""", "maxPollingInterval is \"soon\"")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "utf8" } } }""", "messageEncoding is \"utf8\"")]
    [InlineData("{", "")]
    public void What_is_wrong_is_refused_with_the_file(string json, string why)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Read(json));
        Assert.StartsWith(_path, error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
