using System.Net;
using System.Text.Json;

namespace DiffusionBatch.Functions.Tests.Access;

/// <summary>The app where tokens are taken beside keys, and no key is set: admins who come by tokens make them.</summary>
public sealed class EntraApiTests
{
    [Fact]
    public async Task Tokens_and_keys_open_both_doors_each_for_its_tenant()
    {
        await using TestAuthority authority = await TestAuthority.StartAsync();
        await using ApiHost api = await ApiHost.StartAsync(null, ("Access__Entra__Authority", authority.Url),
            ("Access__Entra__Audience", TestAuthority.Audience), ("Access__Entra__TenantClaim", "team"));
        string Token(string role, string team = "acme", double age = 0) => authority.Token(DateTimeOffset.UtcNow.AddHours(-age), null,
            ("roles", new[] { role }), ("team", team));
        Task<HttpResponseMessage> SendAsync(string method, string path, string? token, string? body = null) =>
            api.SendAsync(method, path, body, "application/json", token is null ? [] : [("Authorization", "Bearer " + token)]);

        await ApiHost.ProblemAsync(await SendAsync("GET", "/api/jobs", null), HttpStatusCode.Unauthorized, "invalid-api-key");
        await ApiHost.ProblemAsync(await SendAsync("GET", "/api/jobs", Token("read", age: 2)), HttpStatusCode.Unauthorized,
            "invalid-api-key");
        await ApiHost.ProblemAsync(await SendAsync("GET", "/api/jobs", Token("reader")), HttpStatusCode.Forbidden, "not-allowed");
        await ApiHost.ProblemAsync(await SendAsync("DELETE", "/api/jobs/job_1", Token("read")), HttpStatusCode.Forbidden, "not-allowed");
        await ApiHost.ProblemAsync(await api.SendAsync("GET", "/api/jobs?code=" + Token("read")), HttpStatusCode.Unauthorized,
            "invalid-api-key");
        foreach (string path in (string[])["/api/jobs", "/v1/models"])
            Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", path, Token("read"))).StatusCode);
        using (HttpResponseMessage door = await SendAsync("GET", "/v1/models", Token("read", age: 2)))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, door.StatusCode);
            Assert.Contains("invalid_api_key", await door.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Created, (await SendAsync("PUT", "/api/files/data/a.txt", Token("submit"), "x")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "/api/files/data/a.txt", Token("read"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("GET", "/api/files/data/a.txt", Token("admin", "zeta"))).StatusCode);
        using HttpResponseMessage made = await SendAsync("POST", "/api/keys", Token("admin"), """{"name":"ci","role":"read"}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        JsonElement key = JsonDocument.Parse(await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("acme", key.GetProperty("tenant").GetString());
        string secret = key.GetProperty("secret").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "/api/files/data/a.txt", secret)).StatusCode);
        Assert.DoesNotContain(api.Log, line => line.Contains("eyJ", StringComparison.Ordinal));
    }
}
