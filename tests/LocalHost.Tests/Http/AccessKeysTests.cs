using System.Net;

namespace DiffusionBatch.LocalHost.Tests.Http;

public sealed class AccessKeysTests(SharedHost shared)
{
    readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData("keyed", null, 401)]
    [InlineData("keyed", "wrong", 401)]
    [InlineData("keyed", "team-secret", 200)]
    [InlineData("keyed", "master-secret", 200)]
    [InlineData("admin", "team-secret", 401)]
    [InlineData("admin", "master-secret", 200)]
    [InlineData("things/1", null, 200)]
    [InlineData("things/1", "wrong", 200)]
    public async Task Keys_open_what_is_theirs_by_header_or_query(string path, string? key, int status)
    {
        (HttpStatusCode Status, string Body)[] answers =
        [
            await _host.AskAsync("GET", $"/api/{path}", null, key is null ? [] : [("x-functions-key", key)]),
            await _host.AskAsync("GET", $"/api/{path}{(key is null ? "" : $"?code={key}")}"),
        ];
        Assert.All(answers, a => Assert.Equal(status, (int)a.Status));
        if (status == 401) Assert.All(answers, a => Assert.Empty(a.Body));
    }

    [Fact]
    public async Task Without_keys_this_machine_needs_none_and_pages_of_others_get_nothing()
    {
        await using TestHost open = await TestHost.StartAsync();
        Assert.Equal((HttpStatusCode.OK, "in"), await open.AskAsync("GET", "/api/admin"));
        Assert.Equal((HttpStatusCode.OK, "in"), await open.AskAsync("GET", "/api/keyed", null, ("Origin", "http://localhost:3000")));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await open.AskAsync("GET", "/api/keyed", null, ("Host", "evil.example")));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await open.AskAsync("GET", "/api/keyed", null, ("Origin", "https://evil.example")));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), await open.AskAsync("GET", "/api/keyed", null, ("Origin", "null")));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    public async Task Other_machines_are_let_in_with_keys_only(string url)
    {
        var options = new FunctionsHostOptions(AppContext.BaseDirectory)
        {
            Url = new Uri(url),
            Settings = new Dictionary<string, string>
            {
                ["Fast"] = "*/2 * * * * *",
                ["Queues"] = "q",
                ["QueueStorage"] = "UseDevelopmentStorage=true"
            }
        };
        var refused = await Assert.ThrowsAsync<FunctionsHostException>(() =>
            FunctionsHost.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Contains("FunctionKeys__default", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_no_request_starts_is_started_by_hand_with_the_master_key()
    {
        using var input = new StringContent("""{ "input": "by hand" }""");
        using var again = new StringContent("""{ "input": "by hand" }""");
        using var broken = new StringContent("{");
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await _host.AskAsync("POST", "/admin/functions/hold", input, ("x-functions-key", "team-secret"))).Status);
        Assert.Equal(HttpStatusCode.NotFound,
            (await _host.AskAsync("POST", "/admin/functions/nobody", null, ("x-functions-key", "master-secret"))).Status);
        Assert.Equal(HttpStatusCode.NotFound,
            (await _host.AskAsync("POST", "/admin/functions/keyed", null, ("x-functions-key", "master-secret"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest,
            (await _host.AskAsync("POST", "/admin/functions/hold", broken, ("x-functions-key", "master-secret"))).Status);
        Assert.Equal(HttpStatusCode.Accepted,
            (await _host.AskAsync("POST", "/admin/functions/hold", again, ("x-functions-key", "master-secret"))).Status);
        await _host.WroteAsync("hold by hand");
        Assert.Equal(HttpStatusCode.Accepted,
            (await _host.AskAsync("POST", "/admin/functions/daily", null, ("x-functions-key", "master-secret"))).Status);
        await _host.WroteAsync(l => l.StartsWith("daily False", StringComparison.Ordinal));
    }
}
