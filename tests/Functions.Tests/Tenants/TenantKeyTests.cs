using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Tests.Tenants;

public sealed class TenantKeyTests(TenantApi tenants) : IClassFixture<TenantApi>
{
    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("dbk_0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Without_a_key_that_is_known_nothing_is_answered(string? key)
    {
        foreach (string path in new[] { "/api/jobs", "/api/files", "/api/keys", "/api/events?jobs=job_1" })
            await ApiHost.ProblemAsync(await tenants.SendAsync("GET", path, key), HttpStatusCode.Unauthorized, "invalid-api-key");
        using HttpResponseMessage door = await tenants.SendAsync("GET", "/v1/models", key);
        Assert.Equal(HttpStatusCode.Unauthorized, door.StatusCode);
        Assert.Contains("invalid_api_key", await door.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        foreach (string path in new[] { "/api/health/ready", "/api/openapi.json", "/dashboard" })
            Assert.Equal(HttpStatusCode.OK, (await tenants.SendAsync("GET", path, key)).StatusCode);
    }

    [Fact]
    public async Task A_role_may_what_it_says_and_no_more()
    {
        string manifest = SharedApi.Sample("t");
        foreach (var (role, list, submit, keys) in new[] { (KeyRole.Read, 200, 403, 403), (KeyRole.Submit, 200, 400, 403),
            (KeyRole.Admin, 200, 400, 200) })
        {
            string key = tenants.Others[role];
            Assert.Equal(list, (int)(await tenants.SendAsync("GET", "/api/jobs", key)).StatusCode);
            Assert.Equal(submit, (int)(await tenants.SendAsync("POST", "/api/jobs", key, manifest)).StatusCode);
            Assert.Equal(keys, (int)(await tenants.SendAsync("GET", "/api/keys", key)).StatusCode);
        }
        ApiProblem problem = await ApiHost.ProblemAsync(await tenants.SendAsync("DELETE", "/api/jobs/job_1", tenants.Others[KeyRole.Read]),
            HttpStatusCode.Forbidden, "not-allowed");
        Assert.Contains("role is read; this needs submit", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_told_once_kept_as_a_hash_and_opens_nothing_once_it_is_revoked()
    {
        JsonElement made = await tenants.DoAsync("POST", "/api/keys", tenants.Others[KeyRole.Admin], """{"name":"short-lived"}""");
        string secret = made.GetProperty("secret").GetString()!, id = made.GetProperty("id").GetString()!;
        Assert.Equal(("zeta", "submit"), (made.GetProperty("tenant").GetString(), made.GetProperty("role").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await tenants.SendAsync("GET", "/api/jobs", secret)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await tenants.SendAsync("GET", "/api/jobs?code=" + secret, null)).StatusCode);
        await ApiHost.ProblemAsync(await tenants.SendAsync("POST", "/api/keys", tenants.Others[KeyRole.Admin],
            """{"name":"short-lived"}"""), HttpStatusCode.Conflict, "key-exists");
        Assert.False((await tenants.DoAsync("GET", "/api/keys/" + id, tenants.Others[KeyRole.Admin])).TryGetProperty("secret", out _));
        await tenants.DoAsync("DELETE", "/api/keys/" + id, tenants.Others[KeyRole.Admin]);
        await ApiHost.ProblemAsync(await tenants.SendAsync("GET", "/api/jobs", secret), HttpStatusCode.Unauthorized, "invalid-api-key");
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(tenants.Api.Root)!, "*", SearchOption.AllDirectories))
            Assert.False(await HoldsAsync(file, secret), file);
        Assert.DoesNotContain(tenants.Api.Log, line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_admin_makes_keys_of_its_own_tenant_and_the_operator_of_any()
    {
        using HttpResponseMessage other =
            await tenants.SendAsync("POST", "/api/keys", tenants.Others[KeyRole.Admin], """{"name":"x","tenant":"acme"}""");
        Assert.Contains("your own", (await ApiHost.ProblemAsync(other, HttpStatusCode.BadRequest, "bad-body")).Detail,
            StringComparison.Ordinal);
        string[] own = [.. (await KeysAsync(tenants.Others[KeyRole.Admin])).Distinct()],
            all = [.. (await KeysAsync(TenantApi.Admin)).Distinct()];
        Assert.Equal(["zeta"], own);
        Assert.Contains("acme", all);
        string key = await tenants.KeyAsync(TenantApi.Admin, "operator-two", KeyRole.Read, null);
        Assert.Equal(HttpStatusCode.OK, (await tenants.SendAsync("GET", "/api/jobs", key)).StatusCode);
    }

    [Fact]
    public async Task Two_tenants_have_files_schedules_and_idempotency_keys_of_one_name()
    {
        string other = tenants.Others[KeyRole.Submit];
        await tenants.DoAsync("PUT", "/api/files/data/same.txt", tenants.Key, "of acme", "application/octet-stream");
        Assert.Equal(HttpStatusCode.NotFound, (await tenants.SendAsync("GET", "/api/files/data/same.txt", other)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await tenants.SendAsync("GET", "/api/files/data/same.txt", TenantApi.Admin)).StatusCode);
        Assert.Equal(HttpStatusCode.Created,
            (await tenants.SendAsync("PUT", "/api/files/data/same.txt", other, "of zeta", "application/octet-stream")).StatusCode);
        Assert.Equal("of acme", await (await tenants.SendAsync("GET", "/api/files/data/same.txt", tenants.Key)).Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken));
        Assert.Equal("of zeta", await (await tenants.SendAsync("GET", "/api/files/data/same.txt", other)).Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken));
        string paths = string.Join(' ', (await tenants.DoAsync("GET", "/api/files", other)).GetProperty("files").EnumerateArray()
            .Select(f => f.GetProperty("path").GetString()));
        Assert.Equal("data/same.txt", paths);
    }

    async Task<IEnumerable<string>> KeysAsync(string key) =>
        (await tenants.DoAsync("GET", "/api/keys", key)).GetProperty("keys").EnumerateArray()
            .Select(k => k.GetProperty("tenant").GetString()!);

    static async Task<bool> HoldsAsync(string file, string text)
    {
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
    }
}
