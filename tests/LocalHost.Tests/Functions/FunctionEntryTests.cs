using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Protocol;

namespace DiffusionBatch.LocalHost.Tests.Functions;

public sealed class FunctionEntryTests
{
    static FunctionEntry Read(params string[] bindings)
    {
        var metadata = new RpcFunctionMetadata { Name = "F" };
        metadata.RawBindings.AddRange(bindings);
        return FunctionEntry.Of(metadata, new AppSettings(new Dictionary<string, string> { ["AzureWebJobs:F:Disabled"] = "x" }));
    }

    [Fact]
    public void Triggers_are_read_whatever_the_case_and_with_their_defaults()
    {
        var http =
            Assert.IsType<HttpTrigger>(Read("""{ "Name": "r", "Type": "HttpTrigger", "direction": "in" }""",
                """{ "name": "$return", "type": "http", "direction": "Out" }""").Trigger);
        Assert.Equal(("r", AccessLevel.Function, null, "F"), (http.Parameter, http.Level, http.Methods, http.Route));
        http = Assert.IsType<HttpTrigger>(
            Read("""{ "name": "r", "type": "httpTrigger", "authLevel": "anonymous", "methods": ["get", "put"], "route": "a/{*b}" }""").Trigger);
        Assert.Equal((AccessLevel.Anonymous, "a/{*b}"), (http.Level, http.Route));
        Assert.Equal(["get", "put"], http.Methods!);
        Assert.Equal(new TimerTrigger("t", "%When%", true, false),
            Read("""{ "name": "t", "type": "timerTrigger", "schedule": "%When%", "runOnStartup": true, "useMonitor": false }""").Trigger);
        Assert.Equal(new QueueTrigger("q", "jobs", "AzureWebJobsStorage"),
            Read("""{ "name": "q", "type": "queueTrigger", "queueName": "jobs" }""").Trigger);
        Assert.Equal(new QueueTrigger("q", "jobs", "Other"),
            Read("""{ "name": "q", "type": "queueTrigger", "queueName": "jobs", "connection": "Other" }""").Trigger);
    }

    [Theory]
    [InlineData("""{ "name": "b", "type": "blobTrigger", "path": "x" }""", "'F' has the binding \"blobTrigger\"")]
    [InlineData("""{ "name": "$return", "type": "http" }""", "'F' has no trigger")]
    [InlineData("""{ "name": "t", "type": "timerTrigger" }""", "says no schedule")]
    [InlineData("""{ "name": "r", "type": "httpTrigger", "authLevel": "all" }""", "\"all\"")]
    public void What_this_host_does_not_play_is_refused(string binding, string why) =>
        Assert.Contains(why, Assert.Throws<FunctionsHostException>(() => Read(binding)).Message, StringComparison.Ordinal);
}
