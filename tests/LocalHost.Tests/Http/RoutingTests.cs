using System.Net;

namespace DiffusionBatch.LocalHost.Tests.Http;

public sealed class RoutingTests(SharedHost shared)
{
    readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData("GET", "/api/things/12?note=x", 200, "thing 12 x")]
    [InlineData("GET", "/api/things/12", 200, "thing 12 ")]
    [InlineData("GET", "/API/Things/12", 200, "thing 12 ")]
    [InlineData("DELETE", "/api/things/12", 204, "")]
    // The first by name, though the other's route is nearer.
    [InlineData("GET", "/api/words/special", 200, "any special")]
    [InlineData("GET", "/api/files/a/b%20c/d.json", 200, "a/b c/d.json")]
    [InlineData("GET", "/api/files", 200, "(none)")]
    [InlineData("GET", "/api/files/", 200, "(none)")]
    [InlineData("GET", "/api/files//b", 404, "")]
    // What no route takes is an empty 404, and so is a method that none takes.
    [InlineData("GET", "/api/things/twelve", 404, "")]
    [InlineData("POST", "/api/things/12", 404, "")]
    [InlineData("HEAD", "/api/things/12", 404, "")]
    [InlineData("OPTIONS", "/api/things/12", 404, "")]
    [InlineData("GET", "/things/12", 404, "")]
    [InlineData("GET", "/", 404, "")]
    public async Task A_request_goes_to_the_first_function_by_name_that_takes_path_and_method(string method, string path, int status,
        string body)
    {
        using HttpResponseMessage answer = await _host.SendAsync(method, path);
        Assert.Equal((status, body),
            ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.False(answer.Content.Headers.Contains("Allow"));
    }

    [Fact]
    public async Task A_function_without_methods_takes_all_and_sees_the_public_address() =>
        Assert.Equal((HttpStatusCode.OK, $"PATCH {_host.Host.Url}api/allmethods?a=b"),
            await _host.AskAsync("PATCH", "/api/allmethods?a=b"));

    [Fact]
    public async Task A_switched_off_function_is_not_found_but_for_the_master()
    {
        Assert.Equal((HttpStatusCode.NotFound, ""), await _host.AskAsync("GET", "/api/switched"));
        Assert.Equal((HttpStatusCode.OK, "on"), await _host.AskAsync("GET", "/api/switched", null, ("x-functions-key", "master-secret")));
    }

    [Fact]
    public async Task The_app_sees_its_settings_and_where_it_is()
    {
        Assert.Equal("hello", (await _host.AskAsync("GET", "/api/settings/Greeting")).Body);
        Assert.Equal("dotnet-isolated", (await _host.AskAsync("GET", "/api/settings/FUNCTIONS_WORKER_RUNTIME")).Body);
        Assert.Equal(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory),
            (await _host.AskAsync("GET", "/api/settings/FUNCTIONS_APPLICATION_DIRECTORY")).Body);
    }
}
