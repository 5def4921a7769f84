using System.Net;

namespace DiffusionBatch.Functions.Tests;

[Collection(SharedApiTests.Name)]
public sealed class HealthTests(SharedApi shared)
{
    [Fact]
    public async Task Probes_answer_on_the_functions_route_prefix()
    {
        ApiHost api = shared.Api;
        Assert.Equal("""{"status":"live"}""", await (await api.SendAsync("GET", "/api/health/live")).Content.ReadAsStringAsync());
        Assert.Equal("""{"status":"ready","index":true,"storage":true,"queues":true}""",
            await (await api.SendAsync("GET", "/api/health/ready")).Content.ReadAsStringAsync());
        using var bare = await api.SendAsync("GET", "/health/live");
        Assert.Equal(HttpStatusCode.NotFound, bare.StatusCode);
    }

    [Fact]
    public async Task An_index_that_is_away_makes_it_unready_and_not_dead()
    {
        await using ApiHost api = await ApiHost.StartAsync(null,
            ("Pipeline__Index", Path.Combine(Path.GetTempPath(), "no-such-folder", "index.db")));
        using var ready = await api.SendAsync("GET", "/api/health/ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"unavailable","index":false,"storage":true,"queues":true}"""),
            (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        using var live = await api.SendAsync("GET", "/api/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }
}
