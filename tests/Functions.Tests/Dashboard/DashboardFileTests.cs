using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace DiffusionBatch.Functions.Tests.Dashboard;

/// <summary>How the dashboard's files are given out.</summary>
[Collection(SharedApiTests.Name)]
public sealed partial class DashboardFileTests(SharedApi shared)
{
    [GeneratedRegex("\"(/dashboard/[^\"]+)\"")]
    private static partial Regex Named();

    async Task<string> PageAsync() =>
        await (await shared.Api.SendAsync("GET", "/dashboard")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_page_may_load_its_own_files_alone()
    {
        using HttpResponseMessage page = await shared.Api.SendAsync("GET", "/dashboard");
        Assert.Equal((HttpStatusCode.OK, "text/html", "no-cache"),
            (page.StatusCode, page.Content.Headers.ContentType!.MediaType, page.Headers.CacheControl!.ToString()));
        string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        string text = await PageAsync();
        Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_named_by_version_and_kept_for_ever_by_it()
    {
        string[] named = [.. Named().Matches(await PageAsync()).Select(m => m.Groups[1].Value).Distinct()];
        Assert.Equal(3, named.Length);
        foreach (string path in named)
        {
            using HttpResponseMessage file = await shared.Api.SendAsync("GET", path);
            Assert.Equal((path, HttpStatusCode.OK, "public, max-age=31536000, immutable"),
                (path, file.StatusCode, file.Headers.CacheControl!.ToString()));
            Assert.Equal("nosniff", Assert.Single(file.Headers.GetValues("X-Content-Type-Options")));
            using HttpResponseMessage other = await shared.Api.SendAsync("GET", path.Split('?')[0] + "?v=other");
            Assert.Equal("no-cache", other.Headers.CacheControl!.ToString());
            using HttpResponseMessage again =
                await shared.Api.SendAsync("GET", path, null, null, ("If-None-Match", file.Headers.ETag!.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    [Fact]
    public async Task Who_takes_Brotli_gets_the_same_bytes_in_fewer()
    {
        string path = Named().Matches(await PageAsync()).Select(m => m.Groups[1].Value)
            .Single(p => p.Contains(".js", StringComparison.Ordinal));
        byte[] plain = await (await shared.Api.SendAsync("GET", path)).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using HttpResponseMessage answer = await shared.Api.SendAsync("GET", path, null, null, ("Accept-Encoding", "gzip, br;q=0.5"));
        Assert.Equal(["br"], answer.Content.Headers.ContentEncoding);
        byte[] sent = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.InRange(sent.Length, 1, plain.Length / 2);
        var read = new MemoryStream();
        await using (var brotli = new BrotliStream(new MemoryStream(sent), CompressionMode.Decompress))
            await brotli.CopyToAsync(read, TestContext.Current.CancellationToken);
        Assert.Equal(plain, read.ToArray());
        using HttpResponseMessage refused = await shared.Api.SendAsync("GET", path, null, null, ("Accept-Encoding", "br;q=0"));
        Assert.Empty(refused.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task What_is_no_file_of_it_is_404() =>
        await ApiHost.ProblemAsync(await shared.Api.SendAsync("GET", "/dashboard/other.js"), HttpStatusCode.NotFound, "unknown-route");
}
