using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Tests.Tenants;

public sealed class QuotaTests(TenantApi tenants) : IClassFixture<TenantApi>
{
    Task<JsonElement> SetAsync(string body) => tenants.DoAsync("PUT", "/api/tenants/zeta/quota", TenantApi.Admin, body);

    async Task<long> BytesAsync() => (await tenants.DoAsync("GET", "/api/tenants/zeta/quota", Key)).GetProperty("fileBytes").GetInt64();

    string Key => tenants.Others[KeyRole.Admin];

    [Fact]
    public async Task Quotas_are_set_by_the_operator_and_seen_by_their_tenant_alone()
    {
        JsonElement set = await SetAsync("""{"queuedItems":1000,"fileBytes":100,"runningTasks":2}""");
        Assert.Equal((1000L, 100L, 2L), (set.GetProperty("most").GetProperty("queuedItems").GetInt64(),
            set.GetProperty("most").GetProperty("fileBytes").GetInt64(), set.GetProperty("most").GetProperty("runningTasks").GetInt64()));
        JsonElement seen = await tenants.DoAsync("GET", "/api/tenants/zeta/quota", tenants.Others[KeyRole.Read]);
        Assert.Equal(set.ToString(), seen.ToString());
        await ApiHost.ProblemAsync(await tenants.SendAsync("PUT", "/api/tenants/zeta/quota", Key, "{}"), HttpStatusCode.Forbidden,
            "not-allowed");
        foreach (string other in new[] { "acme", "default", "nobody", "No!" })
            foreach (string method in new[] { "GET", "PUT" })
                await ApiHost.ProblemAsync(await tenants.SendAsync(method, $"/api/tenants/{other}/quota", Key,
                    method == "PUT" ? "{}" : null), HttpStatusCode.NotFound, "unknown-tenant");
        ApiProblem problem = await ApiHost.ProblemAsync(
            await tenants.SendAsync("PUT", "/api/tenants/zeta/quota", TenantApi.Admin, """{"fileBytes":-1}"""), HttpStatusCode.BadRequest,
            "bad-body");
        Assert.Equal("fileBytes: expected 0 or more, found -1", problem.Detail);
        await ApiHost.ProblemAsync(await tenants.SendAsync("PUT", "/api/tenants/zeta/quota", TenantApi.Admin, """{"bytes":1}"""),
            HttpStatusCode.BadRequest, "bad-body");
        await SetAsync("{}");
    }

    [Fact]
    public async Task A_file_beyond_the_quota_is_refused_at_both_doors_and_not_stored()
    {
        await tenants.DoAsync("PUT", "/api/files/data/one.jsonl", Key, new string('x', 60), "application/octet-stream");
        long has = await BytesAsync();
        await SetAsync($$"""{"fileBytes":{{has + 40}}}""");
        ApiProblem problem = await ApiHost.ProblemAsync(
            await tenants.SendAsync("PUT", "/api/files/data/two.jsonl", Key, new string('x', 41), "application/octet-stream"),
            HttpStatusCode.Forbidden, "quota-exceeded");
        Assert.StartsWith($"The tenant zeta may have {has + 40} bytes of files and has {has}; this file has 41.", problem.Detail,
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await tenants.SendAsync("GET", "/api/files/data/two.jsonl", Key)).StatusCode);
        // Another's quota isn't touched, and what replaces a file takes its place.
        await tenants.DoAsync("PUT", "/api/files/data/two.jsonl", tenants.Key, new string('x', 41), "application/octet-stream");
        await tenants.DoAsync("PUT", "/api/files/data/one.jsonl", Key, new string('x', 80), "application/octet-stream");
        const string Form = "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"f.jsonl\"\r\n\r\n{\"custom_id\":\"1234567890\"}\r\n--b--\r\n";
        using HttpResponseMessage door = await tenants.SendAsync("POST", "/v1/files", Key, Form, "multipart/form-data; boundary=b");
        Assert.Equal((HttpStatusCode.Forbidden, true),
            (door.StatusCode, (await door.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains(
                "\"code\":\"quota_exceeded\"", StringComparison.Ordinal)));
        Assert.Equal(has + 20, await BytesAsync());
        // A deleted file makes room.
        await tenants.DoAsync("DELETE", "/api/files/data/one.jsonl", Key);
        Assert.Equal(has - 60, await BytesAsync());
        await tenants.DoAsync("PUT", "/api/files/data/two.jsonl", Key, new string('x', 100), "application/octet-stream");
        await SetAsync("{}");
        await tenants.DoAsync("POST", "/v1/files", Key, Form, "multipart/form-data; boundary=b");
    }

    [Fact]
    public async Task A_submission_beyond_the_quota_is_refused_before_anything_is_entered()
    {
        await tenants.DoAsync("PUT", "/api/files/data/in.jsonl", Key, """{"id":"1","source":"s"}""", "application/octet-stream");
        await tenants.DoAsync("PUT", "/api/files/models/m/config.json", Key, """{"model_type":"xlm-roberta"}""",
            "application/octet-stream");
        await tenants.DoAsync("PUT", "/api/files/models/m/tokenizer.json", Key, "{}", "application/octet-stream");
        await SetAsync("""{"queuedItems":0}""");
        ApiProblem problem = await ApiHost.ProblemAsync(
            await tenants.SendAsync("POST", "/api/jobs", Key, SharedApi.Sample("s", null, "data/in.jsonl", "models/m")),
            HttpStatusCode.TooManyRequests, "quota-exceeded");
        Assert.StartsWith("The tenant zeta may have 0 items queued and has 0; submit again once ", problem.Detail,
            StringComparison.Ordinal);
        Assert.Equal(0, (await tenants.DoAsync("GET", "/api/jobs", Key)).GetProperty("jobs").GetArrayLength());
        await SetAsync("{}");
    }
}
