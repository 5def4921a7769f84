using System.Net;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Files;
using DiffusionBatch.Functions.Problems;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Tests;

/// <summary>
/// A file's name through the API: what was put under it is on disk, in a container, in lists and in the answer to a GET under that very
/// name.
/// </summary>
[Collection(SharedApiTests.Name)]
public sealed class FileNameTests(SharedApi shared, AzuriteFixture azurite)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sends a path as it stands: no dot or escape of it is touched on the way.</summary>
    static async Task<HttpResponseMessage> SendAsync(ApiHost api, string method, string path, string? body = null, string? unencoded = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method),
            new Uri($"{api.Client.BaseAddress}api/files/{path}",
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (unencoded is not null) request.Headers.TryAddWithoutValidation(FilePath.Unencoded, unencoded);
        return await api.Client.SendAsync(request, Cancel);
    }

    static async Task<string[]> ListedAsync(ApiHost api, string prefix)
    {
        using HttpResponseMessage answer = await api.SendAsync("GET", $"/api/files?prefix={Uri.EscapeDataString(prefix)}");
        return [.. JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(Cancel),
            ApiJson.Default.FileListView)!.Files.Select(f => f.Path)];
    }

    static async Task EveryNameAsync(ApiHost api, string folder)
    {
        string at = Uri.EscapeDataString(folder);
        foreach (string name in FileNames.All)
        {
            using HttpResponseMessage put = await SendAsync(api, "PUT", $"{at}/{Uri.EscapeDataString(name)}", name);
            Assert.True(put.StatusCode == HttpStatusCode.Created,
                $"{name}: {put.StatusCode} {await put.Content.ReadAsStringAsync(Cancel)}");
            Assert.Equal($"{folder}/{name}",
                JsonSerializer.Deserialize(await put.Content.ReadAsStringAsync(Cancel), ApiJson.Default.FileView)!.Path);
        }
        foreach (string name in FileNames.All)
        {
            using HttpResponseMessage got = await SendAsync(api, "GET", $"{at}/{Uri.EscapeDataString(name)}");
            Assert.Equal((name, HttpStatusCode.OK), (await got.Content.ReadAsStringAsync(Cancel), got.StatusCode));
            Assert.Contains($"{folder}/{name}", await ListedAsync(api, $"{folder}/{name}"));
        }
        Assert.Equal(FileNames.All.Select(name => $"{folder}/{name}").Order(StringComparer.Ordinal), await ListedAsync(api, folder + "/"));
    }

    [Fact]
    public async Task Every_name_is_kept_on_disk()
    {
        string folder = ApiHost.NewName();
        await EveryNameAsync(shared.Api, folder);
        Assert.Equal(FileNames.All.Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(shared.Api.Root, folder)).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_name_is_kept_in_a_container()
    {
        await using ApiHost api = await ApiHost.StartAsync(await azurite.ConnectAsync(), ("AzureWebJobs.Relay.Disabled", "1"),
            ("AzureWebJobs.Reconcile.Disabled", "1"), ("AzureWebJobs.Control.Disabled", "1"));
        await EveryNameAsync(api, "n%20");
        var stored = new List<string>();
        await foreach (var blob in api.Store.ListAsync("n%20/", Cancel)) stored.Add(blob.Name);
        Assert.Equal(FileNames.All.Select(name => $"n%20/{name}").Order(StringComparer.Ordinal), stored);
    }

    [Fact]
    public async Task A_path_is_decoded_once()
    {
        string folder = ApiHost.NewName();
        await SendAsync(shared.Api, "PUT", $"{folder}/a%20b.txt", "space");
        await SendAsync(shared.Api, "PUT", $"{folder}/a%2520b.txt", "text");
        await SendAsync(shared.Api, "PUT", $"{folder}/c%2Fd%2fe", "slash");
        await SendAsync(shared.Api, "PUT", $"{folder}/c%252Fd", "letters");
        Assert.Equal([$"{folder}/a b.txt", $"{folder}/a%20b.txt", $"{folder}/c%2Fd", $"{folder}/c/d/e"],
            await ListedAsync(shared.Api, folder + "/"));
        Assert.Equal("space", await (await SendAsync(shared.Api, "GET", $"{folder}/a%20b.txt?x=1")).Content.ReadAsStringAsync(Cancel));
        // What a client says of its own URL isn't asked.
        await SendAsync(shared.Api, "PUT", $"{folder}/x", "x", $"/api/files/{folder}/y");
        Assert.Equal([$"{folder}/x"], await ListedAsync(shared.Api, folder + "/x"));
        Assert.Empty(await ListedAsync(shared.Api, folder + "/y"));
    }

    [Theory]
    [InlineData("d/../x", "\"..\" isn't a name")]
    [InlineData("d/%2e%2e/x", "\"..\" isn't a name")]
    [InlineData("d/%252e%252E/x", "is how URLs may write")]
    [InlineData("d/./x", "\".\" isn't a name")]
    [InlineData("d/x/", "ends with \"/\"")]
    [InlineData("d/%zz", "\"%\" without two hexadecimal digits")]
    [InlineData("d/100%", "\"%\" without two hexadecimal digits")]
    [InlineData("d/caf%E9", "isn't valid UTF-8")]
    [InlineData("d/%ED%A0%80", "isn't valid UTF-8")]
    [InlineData("d/a%0Ab", "control character")]
    [InlineData("d/a%5Cb", "separated by \"/\"")]
    [InlineData("d/%EF%BF%BF", "isn't a character")]
    public async Task What_cannot_be_kept_is_refused_not_changed(string path, string why)
    {
        string before = await shared.StateAsync();
        foreach (string method in (string[])["PUT", "GET"])
        {
            using HttpResponseMessage answer = await SendAsync(shared.Api, method, path, method == "PUT" ? "x" : null);
            ApiProblem problem = await ApiHost.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad-path");
            Assert.Contains(why, problem.Detail, StringComparison.Ordinal);
        }
        Assert.Equal(before, await shared.StateAsync());
    }

    [Fact]
    public async Task A_part_over_255_bytes_is_refused_and_one_of_255_is_kept()
    {
        foreach (string part in (string[])["x", "ä", "日", "\U0001F600"])
        {
            string folder = ApiHost.NewName();
            int bytes = Encoding.UTF8.GetByteCount(part);
            string longest = string.Concat(Enumerable.Repeat(part, 255 / bytes));
            Assert.Equal(HttpStatusCode.Created,
                (await SendAsync(shared.Api, "PUT", $"{folder}/{Uri.EscapeDataString(longest)}", "x")).StatusCode);
            ApiProblem problem =
                await ApiHost.ProblemAsync(await SendAsync(shared.Api, "PUT", $"{folder}/{Uri.EscapeDataString(longest + part)}", "x"),
                    HttpStatusCode.BadRequest, "bad-path");
            Assert.Contains("longer than 255 bytes", problem.Detail, StringComparison.Ordinal);
            Assert.Equal([$"{folder}/{longest}"], await ListedAsync(shared.Api, folder + "/"));
        }
    }

    // Behind a server that hands the path on decoded and says nothing of how it was sent.
    [Theory]
    [InlineData("d/a b", null, "d/a b")]
    [InlineData("d/a%20b", null, "d/a%20b")]
    [InlineData("d/100%", null, "d/100%")]
    [InlineData("d/a%2Fb", null, null)]
    [InlineData("d/a%2fb", null, null)]
    [InlineData("d/caf%E9", null, null)]
    [InlineData("d/a%2Fb", "/api/files/d/a%2Fb", "d/a/b")]
    [InlineData("d/a%2Fb", "/api/files/d/a%252Fb?code=k", "d/a%2Fb")]
    [InlineData("files/a%20b", "/api/files/files/a%2520b", "files/a%20b")]
    [InlineData("d/a%2Fb", "http://files/api/files/d/a%2Fb", null)]
    public void What_a_server_in_between_has_lost_is_not_guessed(string route, string? unencoded, string? expected)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        if (unencoded is not null) request.Headers[FilePath.Unencoded] = unencoded;
        if (expected is not null) Assert.Equal(expected, FilePath.Require(request, route));
        else Assert.Contains("can't be told from the character",
            Assert.Throws<ApiException>(() => FilePath.Require(request, route)).Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_and_a_read_only_one_are_told_as_that()
    {
        await using ApiHost api = await ApiHost.StartAsync();
        await api.WriteAsync("d/x", "x");
        using (Mount.Tiny(api.Root))
        {
            ApiProblem full = await ApiHost.ProblemAsync(await SendAsync(api, "PUT", "d/large", new string('x', 1 << 20)),
                HttpStatusCode.InsufficientStorage, "storage-full");
            Assert.Equal("Storage failed to write the blob d/large: the disk is full, or its quota used up. Nothing was stored.",
                full.Detail);
        }
        using (Mount.ReadOnly(api.Root))
        {
            ApiProblem denied = await ApiHost.ProblemAsync(await SendAsync(api, "PUT", "d/x", "y"), HttpStatusCode.InternalServerError,
                "storage-denied");
            Assert.Contains("the file system is read-only", denied.Detail, StringComparison.Ordinal);
            Assert.Equal("x", await (await SendAsync(api, "GET", "d/x")).Content.ReadAsStringAsync(Cancel));
        }
    }
}
