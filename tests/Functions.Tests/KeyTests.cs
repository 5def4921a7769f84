using System.Net;

namespace DiffusionBatch.Functions.Tests;

/// <summary>The app where access keys are asked for.</summary>
public sealed class KeyTests(KeyTests.LockedApi locked) : IClassFixture<KeyTests.LockedApi>
{
    /// <summary>An app with the function key <c>s3cret</c>.</summary>
    public sealed class LockedApi : IAsyncLifetime
    {
        internal ApiHost? Api { get; private set; }

        public async ValueTask InitializeAsync() => Api = await ApiHost.StartAsync(null, ("FunctionKeys__team", "s3cret"));

        public async ValueTask DisposeAsync()
        {
            if (Api is not null) await Api.DisposeAsync();
        }
    }

    ApiHost Api => locked.Api!;

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("S3CRET")]
    [InlineData("")]
    public async Task Without_a_key_nothing_is_shown_and_nothing_changes(string? key)
    {
        (string, string)[] headers = key is null ? [] : [("x-functions-key", key)];
        foreach (var (method, path, body) in new[]
        {
            ("POST", "/api/jobs", SharedApi.Sample("t")), ("POST", "/api/jobs/validate", "{}"), ("POST", "/api/jobs/estimate", "{}"),
            ("GET", "/api/jobs", null), ("GET", "/api/jobs/job_1", null),
            ("DELETE", "/api/jobs/job_1", null), ("GET", "/api/jobs/job_1/events", null), ("GET", "/api/jobs/job_1/results", null),
            ("GET", "/api/poison", null), ("POST", "/api/poison/1/requeue", null),
            ("DELETE", "/api/poison/1", null), ("GET", "/api/sweeps", null), ("GET", "/api/files", null),
            ("PUT", "/api/files/data/in.jsonl", "x"), ("GET", "/api/files/data/in.jsonl", null), ("HEAD", "/api/files/data/in.jsonl", null),
        })
        {
            using HttpResponseMessage answer = await Api.SendAsync(method, path, body, body is null ? null : "application/json", headers);
            Assert.Equal((method, path, HttpStatusCode.Unauthorized, ""),
                (method, path, answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }
        await foreach (var entry in Api.Store.ListAsync("", TestContext.Current.CancellationToken)) Assert.Fail(entry.Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Basic s3cret")]
    [InlineData("s3cret")]
    public async Task The_OpenAI_shaped_door_asks_for_the_key_in_its_own_form(string? authorization)
    {
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];
        foreach (var (method, path) in new[]
        {
            ("GET", "/v1/models"), ("GET", "/v1/models/m"), ("POST", "/v1/files"), ("GET", "/v1/files"), ("GET", "/v1/files/f"),
            ("DELETE", "/v1/files/f"),
            ("GET", "/v1/files/f/content"), ("POST", "/v1/batches"), ("GET", "/v1/batches"), ("GET", "/v1/batches/b"),
            ("POST", "/v1/batches/b/cancel"),
        })
        {
            using HttpResponseMessage answer =
                await Api.SendAsync(method, path, method == "POST" ? "{}" : null, "application/json", headers);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.Equal((method, path, HttpStatusCode.Unauthorized), (method, path, answer.StatusCode));
            Assert.Contains("\"code\":\"invalid_api_key\"", text, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK,
            (await Api.SendAsync("GET", "/v1/models", null, null, ("Authorization", "Bearer s3cret"))).StatusCode);
    }

    [Fact]
    public async Task Probes_the_description_and_what_is_not_there_need_no_key()
    {
        foreach (string path in new[] { "/api/health/live", "/api/health/ready", "/api/openapi.json" })
            Assert.Equal(HttpStatusCode.OK, (await Api.SendAsync("GET", path)).StatusCode);
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", "/api/nothing"), HttpStatusCode.NotFound, "unknown-route");
        await ApiHost.ProblemAsync(await Api.SendAsync("DELETE", "/api/jobs"), HttpStatusCode.MethodNotAllowed, "wrong-method");
        Assert.Equal(HttpStatusCode.OK, (await Api.SendAsync("GET", "/api/jobs", null, null, ("x-functions-key", "s3cret"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Api.SendAsync("GET", "/api/jobs?code=s3cret")).StatusCode);
    }
}
