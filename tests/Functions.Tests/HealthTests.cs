using System.Net;

namespace DiffusionBatch.Functions.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task Probes_answer_on_the_functions_route_prefix()
    {
        await using ApiHost api = await ApiHost.StartAsync();
        Assert.Equal("""{"status":"live"}""", await (await api.SendAsync("GET", "/api/health/live")).Content.ReadAsStringAsync());
        Assert.Equal("""{"status":"ready","index":true,"storage":true}""", await (await api.SendAsync("GET", "/api/health/ready")).Content.ReadAsStringAsync());
        using var bare = await api.SendAsync("GET", "/health/live");
        Assert.Equal(HttpStatusCode.NotFound, bare.StatusCode);
    }

    [Fact]
    public async Task An_index_that_is_away_makes_it_unready_and_calls_503()
    {
        await using ApiHost api = await ApiHost.StartAsync(null, ("Pipeline:Index", Path.Combine(Path.GetTempPath(), "no-such-folder", "index.db")), ("AzureWebJobs.Reconcile.Disabled", "1"), ("AzureWebJobs.Relay.Disabled", "1"));
        using var ready = await api.SendAsync("GET", "/api/health/ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"unavailable","index":false,"storage":true}"""), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        using var live = await api.SendAsync("GET", "/api/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }
}
