using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Tests;

/// <summary>
/// Every refusal of the API: its status, a problem document with the members of RFC 9457, and that nothing has changed in
/// the store and in the index, the pipeline's own blobs included.
/// </summary>
[Collection(SharedApiTests.Name)]
public sealed class ErrorTests(SharedApi shared)
{
    const string Json = "application/json";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    ApiHost Api => shared.Api;

    /// <summary>A submitted job, under an idempotency key that is its name.</summary>
    async Task<JobView> SubmittedAsync()
    {
        string name = ApiHost.NewName();
        using HttpResponseMessage answer = await Api.SubmitAsync(SharedApi.Sample(name), key: name);
        return await ApiHost.JobAsync(answer, HttpStatusCode.Accepted);
    }

    /// <summary>Sends a request and requires its refusal.</summary>
    async Task RefusedAsync(HttpStatusCode status, Func<Task<HttpResponseMessage>> send, string what)
    {
        string before = await shared.StateAsync();
        using HttpResponseMessage answer = await send();
        string text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == answer.StatusCode, $"{what}: {answer.StatusCode}: {text}");
        Problem(answer.Content.Headers.ContentType?.MediaType, text, status, what);
        Assert.Equal(before, await shared.StateAsync());
    }

    static void Problem(string? mediaType, string text, HttpStatusCode status, string what)
    {
        Assert.True(mediaType == "application/problem+json", $"{what}: {mediaType}: {text}");
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        Assert.True(Uri.TryCreate(problem.GetProperty("type").GetString(), UriKind.Absolute, out _), $"{what}: {text}");
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    /// <summary>
    /// As <see cref="RefusedAsync"/>, with the request's target as it stands: clients tidy up what servers must bear. Behind the API's
    /// prefix the host itself refuses, without a word.
    /// </summary>
    async Task RefusedRawAsync(HttpStatusCode status, string method, string target)
    {
        string before = await shared.StateAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Api.Client.BaseAddress!.Port, Cancel);
        NetworkStream stream = socket.GetStream();
        string body = method is "PUT" or "POST" ? "x" : "";
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\nHost: "
            + $"{Api.Client.BaseAddress.Authority}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), Cancel);
        string answer = await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync(Cancel);
        Assert.True(answer.StartsWith($"HTTP/1.1 {(int)status} ", StringComparison.Ordinal), $"{method} {target}: {answer}");
        string[] parts = answer.Split("\r\n\r\n", 2);
        string? type = parts[0].Split("\r\n")
            .FirstOrDefault(l => l.StartsWith("Content-Type: ", StringComparison.OrdinalIgnoreCase))?.Split([':', ';'])[1].Trim();
        // The document, out of the chunk that carries it.
        if (parts[1].Length > 0) Problem(type, parts[1][parts[1].IndexOf('{', StringComparison.Ordinal)..(parts[1].LastIndexOf('}') + 1)],
            status, $"{method} {target}");
        else Assert.DoesNotContain("/api/", new Uri(Api.Client.BaseAddress, target).AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(before, await shared.StateAsync());
    }

    [Fact]
    public async Task An_unknown_job()
    {
        foreach (string path in new[] { "", "/events", "/results", "/results?cell=steps%3D2" })
        {
            foreach (string id in new[] { "job_none", "T", "0", "..%2f..%2fdata", "%2e%2e%5cdata", "%2fetc" })
                await RefusedAsync(HttpStatusCode.NotFound, () => Api.SendAsync("GET", $"/api/jobs/{id}{path}"), id + path);
        }
        await RefusedAsync(HttpStatusCode.NotFound, () => Api.SendAsync("DELETE", "/api/jobs/job_none"), "DELETE");
        await RefusedAsync(HttpStatusCode.NotFound, () => Api.SendAsync("GET", "/api/poison?job=job_none"), "poison");
        await RefusedAsync(HttpStatusCode.NotFound, () => Api.SendAsync("POST", "/api/poison/7/requeue"), "requeue");
    }

    [Theory]
    [InlineData("", Json)]
    [InlineData("{", Json)]
    [InlineData("[]", Json)]
    [InlineData("null", Json)]
    [InlineData("\"sample\"", Json)]
    [InlineData("{\"kind\":\"sample\"}", Json)]
    [InlineData("{\"kind\":\"sing\",\"name\":\"t\"}", Json)]
    [InlineData("{\"kind\":\"sample\",\"name\":7,\"model\":[],\"input\":{},\"output\":true}", Json)]
    [InlineData("{\"kind\":\"sample\",\"kind\":\"sample\"}", Json)]
    [InlineData("kind: sample\n  name: [", "application/yaml")]
    [InlineData("a: &a [*a]\n", "application/yaml")]
    public async Task A_malformed_manifest(string body, string type)
    {
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            await RefusedAsync(HttpStatusCode.BadRequest, () => Api.SendAsync("POST", path, body, type), path + body);
    }

    [Fact]
    public async Task A_manifest_that_is_not_UTF8()
    {
        byte[] body = [.. "{\"kind\":\"sample\",\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        await RefusedAsync(HttpStatusCode.BadRequest, async () =>
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new(Json);
            return await Api.Client.PostAsync(new Uri("/api/jobs", UriKind.Relative), content, Cancel);
        }, "invalid UTF-8");
    }

    [Fact]
    public async Task An_oversized_body()
    {
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            await RefusedAsync(HttpStatusCode.RequestEntityTooLarge,
                () => Api.SendAsync("POST", path, new string(' ', (4 << 20) + 1), Json), path);
        await RefusedAsync(HttpStatusCode.RequestEntityTooLarge,
            () => Api.SendAsync("PUT", "/api/files/data/in.jsonl", new string('x', 1001)), "PUT");
    }

    [Fact]
    public async Task A_wrong_method()
    {
        JobView job = await SubmittedAsync();
        foreach (var (method, path, allowed) in new[]
        {
            ("DELETE", "/api/jobs", "GET, HEAD, OPTIONS, POST"), ("PUT", $"/api/jobs/{job.Id}", "DELETE, GET, HEAD, OPTIONS"),
            ("POST", $"/api/jobs/{job.Id}/events", "GET, HEAD, OPTIONS"), ("DELETE", $"/api/jobs/{job.Id}/results", "GET, HEAD, OPTIONS"),
            ("PATCH", "/api/files/data/in.jsonl", "DELETE, GET, HEAD, OPTIONS, PUT"),
            ("POST", "/api/files", "DELETE, GET, HEAD, OPTIONS, PUT"),
            ("POST", "/api/poison", "GET, HEAD, OPTIONS"), ("POST", "/api/health/live", "GET, HEAD, OPTIONS"),
            ("PATCH", "/api/openapi.json", "GET, HEAD, OPTIONS"),
        })
        {
            await RefusedAsync(HttpStatusCode.MethodNotAllowed, () => Api.SendAsync(method, path), method + path);
            using HttpResponseMessage answer = await Api.SendAsync(method, path);
            Assert.Equal((path, allowed), (path, string.Join(", ", answer.Content.Headers.Allow.Order())));
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task A_wrong_content_type(string? type)
    {
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            await RefusedAsync(HttpStatusCode.UnsupportedMediaType, () => Api.SendAsync("POST", path, SharedApi.Sample("other"), type),
                $"{path} {type}");
    }

    [Theory]
    [InlineData("/api/files/../../etc/passwd", 404)]
    [InlineData("/api/files/%2e%2e/%2e%2e/etc/passwd", 404)]
    [InlineData("/api/files/%2E./.%2e/etc/passwd", 404)]
    [InlineData("/api/files/..%2f..%2fetc%2fpasswd", 400)]
    [InlineData("/api/files/%252e%252e/x", 400)]
    [InlineData("/api/files/..\\..\\etc\\passwd", 400)]
    [InlineData("/api/files/data\\in.jsonl", 400)]
    [InlineData("/api/files/..%5c..%5cetc", 400)]
    [InlineData("/api/files//etc/passwd", 400)]
    [InlineData("/api/files/%2fetc/passwd", 400)]
    [InlineData("/api/files/C:/windows", 400)]
    [InlineData("/api/files/data/../.dbatch/relay", 400)]
    [InlineData("/api/files/data/%2e%2e/dbatch.db", 400)]
    public async Task A_file_name_that_leaves_the_root(string target, int status)
    {
        foreach (string method in new[] { "PUT", "GET" }) await RefusedRawAsync((HttpStatusCode)status, method, target);
    }

    [Theory]
    [InlineData("/api/jobs/..%2f..%2fx")]
    [InlineData("/api/jobs/%2e%2e%2fx")]
    [InlineData("/api/jobs/..\\x")]
    [InlineData("/api/jobs/%5c..%5cx")]
    [InlineData("/api/jobs/%2fetc%2fpasswd")]
    [InlineData("/api/jobs/../../etc/passwd")]
    [InlineData("/api/jobs/%2e%2e/%2e%2e/etc/passwd")]
    public async Task A_job_id_that_is_a_path(string target)
    {
        foreach (string method in new[] { "GET", "DELETE" }) await RefusedRawAsync(HttpStatusCode.NotFound, method, target);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData("a/../../x")]
    [InlineData("..\\x")]
    [InlineData("/etc/x")]
    [InlineData("C:/x")]
    [InlineData("\\\\host\\x")]
    [InlineData("%2e%2e/x")]
    [InlineData("a%2f..%2f..%2fx")]
    public async Task A_manifest_whose_names_and_paths_leave_the_root(string path)
    {
        foreach (string manifest in new[] { SharedApi.Sample(path, "results/n"), SharedApi.Sample("n", input: path),
            SharedApi.Sample("n", model: path), SharedApi.Sample("n", output: path) })
        {
            // A percent sign is a character like any other in the names of files; nothing decodes it.
            if (path.Contains('%', StringComparison.Ordinal) && manifest.Contains($"\"output\":\"{path}\"", StringComparison.Ordinal))
                continue;
            await RefusedAsync(HttpStatusCode.BadRequest, () => Api.SubmitAsync(manifest), manifest);
        }
    }

    [Fact]
    public async Task Another_jobs_key()
    {
        JobView job = await SubmittedAsync();
        await RefusedAsync(HttpStatusCode.Conflict, () => Api.SubmitAsync(SharedApi.Sample("other"), key: job.Name), "another manifest");
        await RefusedAsync(HttpStatusCode.Conflict, () => Api.SubmitAsync(SharedApi.Sample(job.Name), "?priority=high", job.Name),
            "another priority");
        Assert.Equal(job.Id,
            (await ApiHost.JobAsync(await Api.SubmitAsync(SharedApi.Sample(job.Name), key: job.Name), HttpStatusCode.OK)).Id);
    }
}
