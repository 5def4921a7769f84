using System.Net;
using System.Text.Json;
using DiffusionBatch.Functions.Files;
using DiffusionBatch.Functions.Hosting;

namespace DiffusionBatch.Functions.Tests;

public sealed class FileTests
{
    static async Task<FileListView> ListAsync(ApiHost api, string query) =>
        JsonSerializer.Deserialize(await (await api.SendAsync("GET", "/api/files" + query)).Content.ReadAsStringAsync(), ApiJson.Default.FileListView)!;

    [Fact]
    public async Task What_is_put_is_got_and_listed()
    {
        await using ApiHost api = await ApiHost.StartAsync();
        using var first = await api.SendAsync("PUT", "/api/files/data/a%20b.jsonl", "{}\n");
        using var second = await api.SendAsync("PUT", "/api/files/data/a%20b.jsonl", "{}\n{}\n");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.NotEqual(first.Headers.ETag, second.Headers.ETag);
        using var got = await api.SendAsync("GET", "/api/files/data/a%20b.jsonl");
        Assert.Equal(("{}\n{}\n", 6L, "application/x-ndjson", second.Headers.ETag), (await got.Content.ReadAsStringAsync(), got.Content.Headers.ContentLength, got.Content.Headers.ContentType?.MediaType, got.Headers.ETag));
        using var unchanged = await api.SendAsync("GET", "/api/files/data/a%20b.jsonl", null, null, ("If-None-Match", got.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        foreach (string name in new[] { "data/c", "models/m/config.json" }) await api.WriteAsync(name, "x");
        await api.WriteAsync(".dbatch/jobs/job_1/plan.json", "secret");
        await api.WriteAsync("results/r/.dbatch/work", "secret");
        Assert.Equal(["data/a b.jsonl", "data/c", "models/m/config.json"], (await ListAsync(api, "")).Files.Select(f => f.Path));
        FileListView page = await ListAsync(api, "?prefix=data/&limit=1");
        Assert.Equal(("data/a b.jsonl", 6L, got.Headers.ETag.Tag, "data/a b.jsonl"), (page.Files[0].Path, page.Files[0].Length, page.Files[0].Etag, page.Next));
        Assert.Equal(["data/c"], (await ListAsync(api, $"?prefix=data/&cursor={Uri.EscapeDataString(page.Next!)}")).Files.Select(f => f.Path));
    }

    [Fact]
    public async Task Conditions_are_kept_and_a_loser_changes_nothing()
    {
        await using ApiHost api = await ApiHost.StartAsync();
        Assert.Equal(HttpStatusCode.Created, (await api.SendAsync("PUT", "/api/files/f", "1", null, ("If-None-Match", "*"))).StatusCode);
        await ApiHost.ProblemAsync(await api.SendAsync("PUT", "/api/files/f", "2", null, ("If-None-Match", "*")), HttpStatusCode.PreconditionFailed, "precondition");
        await ApiHost.ProblemAsync(await api.SendAsync("PUT", "/api/files/f", "2", null, ("If-Match", "\"other\"")), HttpStatusCode.PreconditionFailed, "precondition");
        await ApiHost.ProblemAsync(await api.SendAsync("PUT", "/api/files/absent", "2", null, ("If-Match", "*")), HttpStatusCode.PreconditionFailed, "precondition");
        using var got = await api.SendAsync("GET", "/api/files/f");
        Assert.Equal("1", await got.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("PUT", "/api/files/f", "3", null, ("If-Match", got.Headers.ETag!.Tag))).StatusCode);
        await ApiHost.ProblemAsync(await api.SendAsync("GET", "/api/files/f", null, null, ("If-Match", got.Headers.ETag.Tag)), HttpStatusCode.PreconditionFailed, "precondition");
        Assert.Equal("3", await (await api.SendAsync("GET", "/api/files/f")).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("a%2f..%2f..%2fb")]
    [InlineData("a/..%5c..%5cb")]
    [InlineData("a//b")]
    [InlineData("%2fetc/passwd")]
    [InlineData("c:/windows")]
    [InlineData(".dbatch/jobs/x")]
    [InlineData(".DBATCH/jobs/x")]
    [InlineData("results/r/.dbatch/x")]
    [InlineData(".dbatch-trash/x")]
    [InlineData("dbatch.db")]
    [InlineData("dbatch.db-wal")]
    [InlineData(".store/x")]
    [InlineData("a%00b")]
    [InlineData("a%252e%252e/%252e%252e%2fb%2f..")]
    public async Task A_path_that_leaves_the_root_or_is_not_the_users_is_refused(string path)
    {
        await using ApiHost api = await ApiHost.StartAsync();
        foreach (string method in new[] { "PUT", "GET" })
        {
            using var answer = await api.SendAsync(method, "/api/files/" + path, method == "PUT" ? "x" : null);
            // A path that isn't even HTTP (a zero byte) is refused by the server itself.
            if (path != "a%00b") await ApiHost.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad-path");
            else Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        await foreach (var entry in api.Store.ListAsync("", TestContext.Current.CancellationToken)) Assert.Fail(entry.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_413_with_the_limit_and_nothing_is_stored(bool lengthIsKnown)
    {
        await using ApiHost api = await ApiHost.StartAsync(null, ("Files:MaxBytes", "1000"));
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/files/big") { Content = new StreamContent(new MemoryStream(new byte[1001])) };
        request.Headers.TransferEncodingChunked = !lengthIsKnown;
        using var answer = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("1000 bytes", (await ApiHost.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large")).Detail, StringComparison.Ordinal);
        await ApiHost.ProblemAsync(await api.SendAsync("GET", "/api/files/big"), HttpStatusCode.NotFound, "unknown-file");
        Assert.Equal(HttpStatusCode.Created, (await api.SendAsync("PUT", "/api/files/fits", new string('x', 1000))).StatusCode);
    }

    [Fact]
    public async Task A_name_that_is_a_folder_is_a_conflict_and_a_bad_query_is_told()
    {
        await using ApiHost api = await ApiHost.StartAsync();
        await api.WriteAsync("a/b", "x");
        await ApiHost.ProblemAsync(await api.SendAsync("PUT", "/api/files/a", "x"), HttpStatusCode.Conflict, "name-taken");
        await ApiHost.ProblemAsync(await api.SendAsync("PUT", "/api/files/a/b/c", "x"), HttpStatusCode.Conflict, "name-taken");
        await ApiHost.ProblemAsync(await api.SendAsync("GET", "/api/files?limit=0"), HttpStatusCode.BadRequest, "bad-parameter");
        await ApiHost.ProblemAsync(await api.SendAsync("GET", "/api/files?prefix=../"), HttpStatusCode.BadRequest, "bad-parameter");
    }
}
