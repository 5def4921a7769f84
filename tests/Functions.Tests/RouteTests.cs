using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Routes;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace DiffusionBatch.Functions.Tests;

/// <summary>
/// Which function gets a request. The host tries routes in the order of the functions' names, and the first that matches wins.
/// </summary>
[Collection(SharedApiTests.Name)]
public sealed partial class RouteTests(SharedApi shared)
{
    sealed record HttpFunction(string Name, string Route, string[]? Methods)
    {
        public bool Takes(string method, string path) =>
            (Methods is null || Methods.Contains(method))
                && new TemplateMatcher(TemplateParser.Parse(Route), new RouteValueDictionary()).TryMatch(path, new RouteValueDictionary());
    }

    [GeneratedRegex(@"\{[^*}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\{\*[^}]+\}")]
    private static partial Regex Rest();

    /// <summary>The functions as the host knows them, in the order in which it tries them.</summary>
    static HttpFunction[] Functions()
    {
        using var metadata = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "functions.metadata")));
        return [.. from function in metadata.RootElement.EnumerateArray()
            from binding in function.GetProperty("bindings").EnumerateArray()
            where binding.GetProperty("type").GetString() == "httpTrigger"
            select new HttpFunction(
                function.GetProperty("name").GetString()!, binding.GetProperty("route").GetString()!,
                binding.TryGetProperty("methods", out JsonElement methods)
                    ? [.. methods.EnumerateArray().Select(m => m.GetString()!)]
                    : null) into http
            orderby http.Name.ToUpperInvariant()
            select http];
    }

    /// <summary>Paths that a route is there for.</summary>
    static IEnumerable<string> Paths(string route)
    {
        string path = "/" + Parameter().Replace(route, "x1");
        return Rest().IsMatch(path)
            ? ((string[])["a", "a.b", "a/b/c", "files"]).Select(rest => Rest().Replace(path, rest))
            : [path, path + "/"];
    }

    [Fact]
    public void No_function_is_shadowed_by_one_whose_name_is_before_its_own()
    {
        HttpFunction[] functions = Functions();
        Assert.True(functions.Length > 15, $"{functions.Length}");
        foreach (HttpFunction function in functions.SkipLast(1))
            foreach (string method in function.Methods!)
                foreach (string path in Paths(function.Route))
                    Assert.Equal((method, path, function.Name), (method, path, functions.First(f => f.Takes(method, path)).Name));
    }

    [Fact]
    public void What_nothing_takes_goes_to_the_last_function()
    {
        HttpFunction[] functions = Functions();
        Assert.Equal((UnmatchedFunctions.Name, "{*path}", null), (functions[^1].Name, functions[^1].Route, functions[^1].Methods));
        foreach (var (method, path) in new[] { ("get", "/nothing"), ("get", "/"), ("get", "/jobs"), ("put", "/api/jobs"),
            ("options", "/api/jobs/x1"), ("get", "/api/jobs/x1/events/y"), ("trace", "/api/files/a"), ("get", "/v1/none") })
            Assert.Equal((path, UnmatchedFunctions.Name), (path, functions.First(f => f.Takes(method, path)).Name));
    }

    [Fact]
    public void Whatever_can_be_got_can_be_asked_for_by_HEAD() =>
        Assert.All(Functions().SkipLast(1), f => Assert.Equal(f.Methods!.Contains("get"), f.Methods!.Contains("head")));

    [Fact]
    public void Event_streams_end_before_the_host_ends_them()
    {
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "host.json")));
        var timeout = TimeSpan.Parse(host.RootElement.GetProperty("functionTimeout").GetString()!,
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(JobEvents.Longest < timeout, $"{timeout}");
    }

    [Theory]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/api")]
    [InlineData("POST", "/api/jobs/x/y/z")]
    [InlineData("DELETE", "/api/health")]
    [InlineData("OPTIONS", "/api/nothing")]
    public async Task A_path_that_is_not_there_is_404(string method, string path) =>
        await ApiHost.ProblemAsync(await shared.Api.SendAsync(method, path), HttpStatusCode.NotFound, "unknown-route");

    [Theory]
    [InlineData("/api/jobs", "GET, HEAD, OPTIONS, POST")]
    [InlineData("/api/jobs/validate", "DELETE, GET, HEAD, OPTIONS, POST")]
    [InlineData("/api/files/a/b", "DELETE, GET, HEAD, OPTIONS, PUT")]
    public async Task OPTIONS_tells_the_methods(string path, string methods)
    {
        using HttpResponseMessage answer = await shared.Api.SendAsync("OPTIONS", path);
        Assert.Equal((HttpStatusCode.NoContent, methods), (answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
    }

    [Theory]
    [InlineData("/api/jobs", 200)]
    [InlineData("/api/sweeps", 200)]
    [InlineData("/api/poison", 200)]
    [InlineData("/api/files?limit=1", 200)]
    [InlineData("/api/files", 200)]
    [InlineData("/api/health/live", 200)]
    [InlineData("/api/health/ready", 200)]
    [InlineData("/api/openapi.json", 200)]
    [InlineData("/api/files/none", 404)]
    [InlineData("/api/jobs/none", 404)]
    [InlineData("/api/jobs/none/events", 404)]
    public async Task HEAD_is_GET_without_the_body(string path, int status)
    {
        using HttpResponseMessage head = await shared.Api.SendAsync("HEAD", path), get = await shared.Api.SendAsync("GET", path);
        Assert.Equal((status, status), ((int)head.StatusCode, (int)get.StatusCode));
        Assert.Equal((get.Content.Headers.ContentType, get.Headers.ETag), (head.Content.Headers.ContentType, head.Headers.ETag));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.NotEmpty(await get.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
