using System.Net;

namespace DiffusionBatch.LocalHost.Tests.Http;

public sealed class RoutingTests
{
    [Fact]
    public async Task The_first_function_by_name_whose_route_and_method_match_takes_a_request()
    {
        await using TestHost host = await TestHost.StartAsync();
        foreach (var (method, path, status, body) in ((string, string, HttpStatusCode, string)[])
        [
            ("GET", "/api/things/12?note=x", HttpStatusCode.OK, "thing 12 x"),
            ("GET", "/api/things/12", HttpStatusCode.OK, "thing 12 "),
            ("DELETE", "/api/things/12", HttpStatusCode.NoContent, ""),
            ("GET", "/api/words/special", HttpStatusCode.OK, "any special"),
            ("GET", "/api/files/a/b%20c/d.json", HttpStatusCode.OK, "a/b c/d.json"),
            ("GET", "/api/files", HttpStatusCode.OK, "(none)"),
            ("GET", "/api/files/", HttpStatusCode.OK, "(none)"),
            // What no route takes is an empty 404, and so is a method that none takes.
            ("GET", "/api/files//b", HttpStatusCode.NotFound, ""),
            ("GET", "/api/things/twelve", HttpStatusCode.NotFound, ""),
            ("POST", "/api/things/12", HttpStatusCode.NotFound, ""),
            ("HEAD", "/api/things/12", HttpStatusCode.NotFound, ""),
            ("OPTIONS", "/api/things/12", HttpStatusCode.NotFound, ""),
            ("GET", "/things/12", HttpStatusCode.NotFound, ""),
            ("GET", "/", HttpStatusCode.NotFound, ""),
            ("PATCH", "/api/allmethods", HttpStatusCode.OK, $"PATCH {host.Host.Url}api/allmethods"),
        ])
        {
            using HttpResponseMessage answer = await host.SendAsync(method, path);
            Assert.Equal((path, status, body), (path, answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
            Assert.False(answer.Content.Headers.Contains("Allow"));
        }
    }
}
