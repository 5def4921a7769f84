using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Tests;

[Collection(SharedApiTests.Name)]
public sealed class FileTests(SharedApi shared)
{
    ApiHost Api => shared.Api;

    async Task<FileListView> ListAsync(string query) =>
        JsonSerializer.Deserialize(await (await Api.SendAsync("GET", "/api/files" + query)).Content.ReadAsStringAsync(),
            ApiJson.Default.FileListView)!;

    [Fact]
    public async Task What_is_put_is_got_and_listed()
    {
        string folder = ApiHost.NewName();
        using var first = await Api.SendAsync("PUT", $"/api/files/{folder}/a%20b.jsonl", "{}\n");
        using var second = await Api.SendAsync("PUT", $"/api/files/{folder}/a%20b.jsonl", "{}\n{}\n");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.NotEqual(first.Headers.ETag, second.Headers.ETag);
        using var got = await Api.SendAsync("GET", $"/api/files/{folder}/a%20b.jsonl");
        Assert.Equal(("{}\n{}\n", 6L, "application/x-ndjson", second.Headers.ETag),
            (await got.Content.ReadAsStringAsync(), got.Content.Headers.ContentLength, got.Content.Headers.ContentType?.MediaType,
                got.Headers.ETag));
        using var head = await Api.SendAsync("HEAD", $"/api/files/{folder}/a%20b.jsonl");
        Assert.Equal(("", 6L, "application/x-ndjson", second.Headers.ETag),
            (await head.Content.ReadAsStringAsync(), head.Content.Headers.ContentLength, head.Content.Headers.ContentType?.MediaType,
                head.Headers.ETag));
        using var unchanged = await Api.SendAsync("GET", $"/api/files/{folder}/a%20b.jsonl", null, null,
            ("If-None-Match", got.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        foreach (string name in new[] { "c", "d/e" }) await Api.WriteAsync($"{folder}/{name}", "x");
        await Api.WriteAsync(".dbatch/jobs/job_1/plan.json", "secret");
        await Api.WriteAsync($"{folder}/.dbatch/work", "secret");
        Assert.Equal([$"{folder}/a b.jsonl", $"{folder}/c", $"{folder}/d/e"],
            (await ListAsync($"?prefix={folder}/")).Files.Select(f => f.Path));
        FileListView page = await ListAsync($"?prefix={folder}/&limit=1");
        Assert.Equal(($"{folder}/a b.jsonl", 6L, got.Headers.ETag.Tag, $"{folder}/a b.jsonl"),
            (page.Files[0].Path, page.Files[0].Length, page.Files[0].Etag, page.Next));
        Assert.Equal([$"{folder}/c", $"{folder}/d/e"],
            (await ListAsync($"?prefix={folder}/&cursor={Uri.EscapeDataString(page.Next!)}")).Files.Select(f => f.Path));
        FileListView all = await ListAsync("");
        Assert.Contains($"{folder}/c", all.Files.Select(f => f.Path));
        Assert.DoesNotContain(all.Files, f => f.Path.Contains(".dbatch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Conditions_are_kept_and_a_loser_changes_nothing()
    {
        string file = $"/api/files/{ApiHost.NewName()}";
        Assert.Equal(HttpStatusCode.Created, (await Api.SendAsync("PUT", file, "1", null, ("If-None-Match", "*"))).StatusCode);
        await ApiHost.ProblemAsync(await Api.SendAsync("PUT", file, "2", null, ("If-None-Match", "*")), HttpStatusCode.PreconditionFailed,
            "precondition");
        await ApiHost.ProblemAsync(await Api.SendAsync("PUT", file, "2", null, ("If-Match", "\"other\"")),
            HttpStatusCode.PreconditionFailed, "precondition");
        await ApiHost.ProblemAsync(await Api.SendAsync("PUT", $"{file}-absent", "2", null, ("If-Match", "*")),
            HttpStatusCode.PreconditionFailed, "precondition");
        using var got = await Api.SendAsync("GET", file);
        Assert.Equal("1", await got.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await Api.SendAsync("PUT", file, "3", null, ("If-Match", got.Headers.ETag!.Tag))).StatusCode);
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", file, null, null, ("If-Match", got.Headers.ETag.Tag)),
            HttpStatusCode.PreconditionFailed, "precondition");
        Assert.Equal("3", await (await Api.SendAsync("GET", file)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_one_version_can_be_meant()
    {
        string file = $"/api/files/{ApiHost.NewName()}";
        using var put = await Api.SendAsync("PUT", file, "1");
        ApiProblem problem = await ApiHost.ProblemAsync(await Api.SendAsync("DELETE", file, null, null, ("If-Match", "\"other\"")),
            HttpStatusCode.PreconditionFailed, "precondition");
        Assert.EndsWith($"is another version: {put.Headers.ETag!.Tag}; nothing was deleted.", problem.Detail, StringComparison.Ordinal);
        Assert.Equal("1", await (await Api.SendAsync("GET", file)).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NoContent,
            (await Api.SendAsync("DELETE", file, null, null, ("If-Match", put.Headers.ETag.Tag))).StatusCode);
        foreach (string method in new[] { "GET", "DELETE" })
            await ApiHost.ProblemAsync(await Api.SendAsync(method, file), HttpStatusCode.NotFound, "unknown-file");
        Assert.Equal(HttpStatusCode.Created, (await Api.SendAsync("PUT", file, "2", null, ("If-None-Match", "*"))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Api.SendAsync("DELETE", file)).StatusCode);
        await ApiHost.ProblemAsync(await Api.SendAsync("DELETE", "/api/files/.dbatch/index/x"), HttpStatusCode.BadRequest, "bad-path");
    }

    [Theory]
    [InlineData("bytes=4-", null, "456789", "bytes 4-9/10")]
    [InlineData("bytes=4-5", "", "45", "bytes 4-5/10")]
    [InlineData("bytes=-3", "", "789", "bytes 7-9/10")]
    [InlineData("bytes=4-", "\"another\"", "0123456789", null)]
    [InlineData("bytes=nonsense", null, "0123456789", null)]
    public async Task A_range_is_sent_unless_the_file_is_another_version(string range, string? condition, string body, string? sent)
    {
        string file = $"/api/files/{ApiHost.NewName()}";
        using var put = await Api.SendAsync("PUT", file, "0123456789");
        if (condition == "") condition = put.Headers.ETag!.Tag;
        using var got = await Api.SendAsync("GET", file, null, null,
            condition is null ? [("Range", range)] : [("Range", range), ("If-Range", condition)]);
        Assert.Equal((sent is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent, body),
            (got.StatusCode, await got.Content.ReadAsStringAsync()));
        Assert.Equal((sent, body.Length), (got.Content.Headers.ContentRange?.ToString(), got.Content.Headers.ContentLength));
        Assert.Equal((put.Headers.ETag, "bytes"), (got.Headers.ETag, got.Headers.AcceptRanges.ToString()));
    }

    [Fact]
    public async Task Ranges_and_times_that_cannot_be_met_are_problem_documents()
    {
        string file = $"/api/files/{ApiHost.NewName()}";
        using var put = await Api.SendAsync("PUT", file, "0123456789");
        using var behind = await Api.SendAsync("GET", file, null, null, ("Range", "bytes=10-"));
        Assert.Contains("bytes */10", (await ApiHost.ProblemAsync(behind, HttpStatusCode.RequestedRangeNotSatisfiable, "range")).Detail,
            StringComparison.Ordinal);
        Assert.Equal("bytes */10", behind.Content.Headers.ContentRange?.ToString());
        using var before = await Api.SendAsync("GET", file, null, null, ("If-Unmodified-Since", "Thu, 01 Jan 2026 00:00:00 GMT"));
        Assert.Contains(put.Headers.ETag!.Tag,
            (await ApiHost.ProblemAsync(before, HttpStatusCode.PreconditionFailed, "precondition")).Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified,
            (await Api.SendAsync("GET", file, null, null, ("If-None-Match", $"W/{put.Headers.ETag.Tag}"))).StatusCode);
    }

    [Fact]
    public async Task An_empty_file_is_sent_as_one()
    {
        string file = $"/api/files/{ApiHost.NewName()}";
        await Api.SendAsync("PUT", file, "");
        using var got = await Api.SendAsync("GET", file);
        Assert.Equal((HttpStatusCode.OK, 0L), (got.StatusCode, got.Content.Headers.ContentLength));
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
        string before = await shared.StateAsync();
        foreach (string method in new[] { "PUT", "GET" })
        {
            using var answer = await Api.SendAsync(method, "/api/files/" + path, method == "PUT" ? "x" : null);
            // A path that isn't even HTTP (a zero byte) is refused by the server itself.
            if (path != "a%00b") await ApiHost.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad-path");
            else Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        Assert.Equal(before, await shared.StateAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_413_with_the_limit_and_nothing_is_stored(bool lengthIsKnown)
    {
        string file = $"/api/files/{ApiHost.NewName()}";
        using var request = new HttpRequestMessage(HttpMethod.Put, file) { Content = new StreamContent(new MemoryStream(new byte[1001])) };
        request.Headers.TransferEncodingChunked = !lengthIsKnown;
        using var answer = await Api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("1000 bytes", (await ApiHost.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large")).Detail,
            StringComparison.Ordinal);
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", file), HttpStatusCode.NotFound, "unknown-file");
        Assert.Equal(HttpStatusCode.Created, (await Api.SendAsync("PUT", file, new string('x', 1000))).StatusCode);
    }

    [Fact]
    public async Task A_name_that_is_a_folder_is_a_conflict_and_a_bad_query_is_told()
    {
        string folder = ApiHost.NewName();
        await Api.WriteAsync($"{folder}/b", "x");
        await ApiHost.ProblemAsync(await Api.SendAsync("PUT", $"/api/files/{folder}", "x"), HttpStatusCode.Conflict, "name-taken");
        await ApiHost.ProblemAsync(await Api.SendAsync("PUT", $"/api/files/{folder}/b/c", "x"), HttpStatusCode.Conflict, "name-taken");
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", "/api/files?limit=0"), HttpStatusCode.BadRequest, "bad-parameter");
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", "/api/files?prefix=../"), HttpStatusCode.BadRequest, "bad-parameter");
    }
}
