using DiffusionBatch.LocalHost.Functions;

namespace DiffusionBatch.LocalHost.Tests.Functions;

public sealed class HostFileTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    HostFile Read(string json, params (string, string)[] settings)
    {
        File.WriteAllText(_path, json);
        return HostFile.Read(_path, new AppSettings(settings.ToDictionary(s => s.Item1, s => s.Item2)).Configuration);
    }

    [Fact]
    public void Functions_own_defaults_hold_where_nothing_is_said()
    {
        HostFile host = Read("""{ "version": "2.0" }""");
        Assert.Equal(("api", (null, null), TimeSpan.FromMinutes(30)), (host.RoutePrefix, host.Requests, host.FunctionTimeout));
        Assert.Equal(new QueueSettings
        {
            BatchSize = 16,
            NewBatchThreshold = 8 * Environment.ProcessorCount,
            MaxDequeueCount = 5,
            VisibilityTimeout = TimeSpan.Zero,
            MaxPollingInterval = TimeSpan.FromMinutes(1),
            IsBase64 = true
        }, host.Queues);
        Assert.Empty(host.CustomHeaders);
    }

    [Fact]
    public void What_is_said_is_read_and_settings_replace_it()
    {
        HostFile host = Read("""
            { // a comment
              "functionTimeout": "-1",
              "extensions": { "http": { "routePrefix": "/v1/", "maxConcurrentRequests": 3, "maxOutstandingRequests": -1, "customHeaders": { "X-A": "b" } },
                "queues": { "batchSize": 4, "maxDequeueCount": 3, "visibilityTimeout": "00:00:30", "maxPollingInterval": "00:00:02", "messageEncoding": "none" } } }
            """, ("AzureFunctionsJobHost__extensions__queues__maxDequeueCount", "7"));
        Assert.Equal(("v1", (3, null), null), (host.RoutePrefix, host.Requests, host.FunctionTimeout));
        Assert.Equal(KeyValuePair.Create("X-A", "b"), Assert.Single(host.CustomHeaders));
        Assert.Equal(new QueueSettings
        {
            BatchSize = 4,
            NewBatchThreshold = 2 * Environment.ProcessorCount,
            MaxDequeueCount = 7,
            VisibilityTimeout = TimeSpan.FromSeconds(30),
            MaxPollingInterval = TimeSpan.FromSeconds(2),
            IsBase64 = false
        }, host.Queues);
    }

    [Theory]
    [InlineData("""{ "extensions": { "queues": { "batchSize": 33 } } }""", "batchSize is \"33\"; it is a whole number from 1 to 32")]
    [InlineData("""{ "extensions": { "queues": { "batchSize": "many" } } }""", "batchSize is \"many\"")]
    [InlineData("""{ "extensions": { "queues": { "maxPollingInterval": "soon" } } }""", "maxPollingInterval is \"soon\"")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "utf8" } } }""", "messageEncoding is \"utf8\"")]
    [InlineData("""{ "functionTimeout": "long" }""", "functionTimeout is \"long\"")]
    [InlineData("{", "")]
    public void What_is_wrong_is_refused_with_the_file(string json, string why)
    {
        var error = Assert.Throws<FunctionsHostException>(() => Read(json));
        Assert.StartsWith(_path, error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
