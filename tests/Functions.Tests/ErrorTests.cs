using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Functions.Tests;

/// <summary>
/// Every refusal of the API: its status, a problem document with the members of RFC 9457, and that nothing has changed in
/// the store and in the index, the pipeline's own blobs included.
/// </summary>
public sealed class ErrorTests
{
    const string Json = "application/json";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A root with an input, a model and a submitted job; the API asks for the key <c>s3cret</c> where <paramref name="locked"/>.</summary>
    static async Task<(ApiHost Api, JobView Job)> StartAsync(bool locked = false)
    {
        ApiHost api = await ApiHost.StartAsync(null, locked ? [("FunctionKeys:team", "s3cret"), ("Files:MaxBytes", "1000")] : [("Files:MaxBytes", "1000")]);
        await api.WriteAsync("data/in.jsonl", "{\"id\":\"a\",\"source\":\"x\"}\n");
        await api.WriteAsync("models/m/config.json", """{"model_type":"xlm-roberta"}""");
        await api.WriteAsync("models/m/tokenizer.json", "{}");
        using HttpResponseMessage answer = await api.SendAsync("POST", "/api/jobs", Sample(), Json, ("Idempotency-Key", "first"), ("x-functions-key", "s3cret"));
        return (api, await ApiHost.JobAsync(answer, HttpStatusCode.Accepted));
    }

    static string Sample(string name = "t", string input = "data/in.jsonl", string output = "results/t", string model = "models/m") => JsonSerializer.Serialize(new
    {
        kind = "sample",
        name,
        model = new { from = model },
        input,
        sampler = new { steps = 2, length = new { source = "fixed", value = 4 } },
        output,
    });

    /// <summary>All that a request could have changed.</summary>
    static async Task<string> StateAsync(ApiHost api)
    {
        var state = new StringBuilder();
        await foreach (BlobEntry blob in api.Store.ListAsync("", Cancel)) state.AppendLine(CultureInfo.InvariantCulture, $"{blob.Name} {blob.Length} {blob.Tag}");
        foreach (JobRow job in (await api.Index.ListAsync(new JobFilter { Children = true }, null, 100, Cancel)).Jobs)
            state.AppendLine(CultureInfo.InvariantCulture, $"{job.Id} {job.State} {job.Version} {job.PlanAttempt} {(await api.Index.TasksAsync(job.Id, Cancel)).Count} tasks");
        foreach (OutboxRow row in await api.Index.PendingAsync(100, Cancel)) state.AppendLine(CultureInfo.InvariantCulture, $"{row}");
        return state.ToString();
    }

    /// <summary>Sends a request and requires its refusal.</summary>
    static async Task RefusedAsync(ApiHost api, HttpStatusCode status, Func<Task<HttpResponseMessage>> send, string what)
    {
        string before = await StateAsync(api);
        using HttpResponseMessage answer = await send();
        string text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == answer.StatusCode, $"{what}: {answer.StatusCode}: {text}");
        Problem(answer.Content.Headers.ContentType?.MediaType, text, status, what);
        Assert.Equal(before, await StateAsync(api));
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

    /// <summary>As <see cref="RefusedAsync"/>, with the request's target as it stands: clients tidy up what servers must bear.</summary>
    static async Task RefusedRawAsync(ApiHost api, HttpStatusCode status, string method, string target)
    {
        string before = await StateAsync(api);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port, Cancel);
        NetworkStream stream = socket.GetStream();
        string body = method is "PUT" or "POST" ? "x" : "";
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {api.Client.BaseAddress.Authority}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), Cancel);
        string answer = await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync(Cancel);
        Assert.True(answer.StartsWith($"HTTP/1.1 {(int)status} ", StringComparison.Ordinal), $"{method} {target}: {answer}");
        string[] parts = answer.Split("\r\n\r\n", 2);
        string? type = parts[0].Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Type: ", StringComparison.OrdinalIgnoreCase))?.Split([':', ';'])[1].Trim();
        // The document, out of the chunk that carries it.
        Problem(type, parts[1][parts[1].IndexOf('{', StringComparison.Ordinal)..(parts[1].LastIndexOf('}') + 1)], status, $"{method} {target}");
        Assert.Equal(before, await StateAsync(api));
    }

    [Fact]
    public async Task An_unknown_job()
    {
        var (api, _) = await StartAsync();
        await using var _ = api;
        foreach (string path in new[] { "", "/events", "/results", "/results?cell=steps%3D2" })
        {
            foreach (string id in new[] { "job_none", "T", "0", "..%2f..%2fdata", "%2e%2e%5cdata", "%2fetc" })
                await RefusedAsync(api, HttpStatusCode.NotFound, () => api.SendAsync("GET", $"/api/jobs/{id}{path}"), id + path);
        }
        await RefusedAsync(api, HttpStatusCode.NotFound, () => api.SendAsync("DELETE", "/api/jobs/job_none"), "DELETE");
        await RefusedAsync(api, HttpStatusCode.NotFound, () => api.SendAsync("GET", "/api/poison?job=job_none"), "poison");
        await RefusedAsync(api, HttpStatusCode.NotFound, () => api.SendAsync("POST", "/api/poison/7/requeue"), "requeue");
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
        var (api, _) = await StartAsync();
        await using var _ = api;
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            await RefusedAsync(api, HttpStatusCode.BadRequest, () => api.SendAsync("POST", path, body, type), path + body);
    }

    [Fact]
    public async Task A_manifest_that_is_not_UTF8()
    {
        var (api, _) = await StartAsync();
        await using var _ = api;
        byte[] body = [.. "{\"kind\":\"sample\",\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        await RefusedAsync(api, HttpStatusCode.BadRequest, async () =>
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new(Json);
            return await api.Client.PostAsync(new Uri("/api/jobs", UriKind.Relative), content, Cancel);
        }, "invalid UTF-8");
    }

    [Fact]
    public async Task An_oversized_body()
    {
        var (api, _) = await StartAsync();
        await using var _ = api;
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            await RefusedAsync(api, HttpStatusCode.RequestEntityTooLarge, () => api.SendAsync("POST", path, new string(' ', (4 << 20) + 1), Json), path);
        await RefusedAsync(api, HttpStatusCode.RequestEntityTooLarge, () => api.SendAsync("PUT", "/api/files/data/in.jsonl", new string('x', 1001)), "PUT");
    }

    [Fact]
    public async Task A_wrong_method()
    {
        var (api, job) = await StartAsync();
        await using var _ = api;
        foreach (var (method, path, allowed) in new[]
        {
            ("DELETE", "/api/jobs", "GET, POST"), ("PUT", $"/api/jobs/{job.Id}", "DELETE, GET"), ("POST", $"/api/jobs/{job.Id}/events", "GET"), ("DELETE", $"/api/jobs/{job.Id}/results", "GET"),
            ("DELETE", "/api/files/data/in.jsonl", "GET, PUT"), ("POST", "/api/files", "GET, PUT"), ("POST", "/api/poison", "GET"), ("POST", "/api/health/live", "GET"), ("PATCH", "/api/openapi.json", "GET"),
        })
        {
            await RefusedAsync(api, HttpStatusCode.MethodNotAllowed, () => api.SendAsync(method, path), method + path);
            using HttpResponseMessage answer = await api.SendAsync(method, path);
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
        var (api, _) = await StartAsync();
        await using var _ = api;
        foreach (string path in new[] { "/api/jobs", "/api/jobs/validate", "/api/jobs/estimate" })
            await RefusedAsync(api, HttpStatusCode.UnsupportedMediaType, () => api.SendAsync("POST", path, Sample("other", output: "results/other"), type), $"{path} {type}");
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
        var (api, _) = await StartAsync();
        await using var _ = api;
        foreach (string method in new[] { "PUT", "GET" }) await RefusedRawAsync(api, (HttpStatusCode)status, method, target);
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
        var (api, _) = await StartAsync();
        await using var _ = api;
        foreach (string method in new[] { "GET", "DELETE" }) await RefusedRawAsync(api, HttpStatusCode.NotFound, method, target);
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
        var (api, _) = await StartAsync();
        await using var _ = api;
        foreach (string manifest in new[] { Sample(name: path, output: "results/n"), Sample("n", input: path), Sample("n", model: path), Sample("n", output: path) })
        {
            // A percent sign is a character like any other in the names of files; nothing decodes it.
            if (path.Contains('%', StringComparison.Ordinal) && manifest.Contains($"\"output\":\"{path}\"", StringComparison.Ordinal)) continue;
            await RefusedAsync(api, HttpStatusCode.BadRequest, () => api.SubmitAsync(manifest), manifest);
        }
    }

    [Fact]
    public async Task Another_jobs_key()
    {
        var (api, job) = await StartAsync();
        await using var _ = api;
        await RefusedAsync(api, HttpStatusCode.Conflict, () => api.SubmitAsync(Sample("other", output: "results/other"), key: "first"), "another manifest");
        await RefusedAsync(api, HttpStatusCode.Conflict, () => api.SubmitAsync(Sample(), "?priority=high", "first"), "another priority");
        Assert.Equal(job.Id, (await ApiHost.JobAsync(await api.SubmitAsync(Sample(), key: "first"), HttpStatusCode.OK)).Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("S3CRET")]
    [InlineData("")]
    public async Task A_wrong_access_key(string? key)
    {
        var (api, job) = await StartAsync(locked: true);
        await using var _ = api;
        (string, string)[] headers = key is null ? [] : [("x-functions-key", key)];
        foreach (var (method, path, body) in new[]
        {
            ("POST", "/api/jobs", Sample("other", output: "results/other")), ("GET", "/api/jobs", null), ("GET", $"/api/jobs/{job.Id}", null), ("DELETE", $"/api/jobs/{job.Id}", null),
            ("GET", $"/api/jobs/{job.Id}/results", null), ("PUT", "/api/files/data/in.jsonl", "x"), ("GET", "/api/files/data/in.jsonl", null), ("DELETE", "/api/poison/1", null),
        })
            await RefusedAsync(api, HttpStatusCode.Unauthorized, () => api.SendAsync(method, path, body, body is null ? null : Json, headers), $"{method} {path}");
    }
}
