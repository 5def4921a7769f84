using System.Collections.Concurrent;
using System.Net;
using DiffusionBatch.Infra.Tests.Running;
using DiffusionBatch.LocalHost;

namespace DiffusionBatch.Infra.Tests.Images;

/// <summary>The function app as its image has it, made by the commands of Dockerfile.functions: a host starts it from its folder.</summary>
public sealed class PublishedFunctionsTests(PublishedImages images) : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dbatch-functions-").FullName;

    [Fact]
    public async Task A_host_starts_what_is_published_and_it_answers()
    {
        string app = await images.MakeAsync(images.Functions);
        Assert.All(new DirectoryInfo(app).EnumerateFiles("*", SearchOption.AllDirectories), f => Assert.Null(f.LinkTarget));

        string nowhere = $"http://127.0.0.1:{Machine.FreePort()}/a";
        var log = new ConcurrentQueue<string>();
        var url = new Uri($"http://127.0.0.1:{Machine.FreePort()}");
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint={nowhere};QueueEndpoint="
                + $"{nowhere};",
            ["Pipeline__Index"] = Path.Combine(_folder, "index.db"),
        };
        FunctionsHost host = await FunctionsHost.StartAsync(
            new FunctionsHostOptions(app) { Url = url, Settings = settings, Log = log.Enqueue }, TestContext.Current.CancellationToken);
        await using (host)
        {
            using var client = new HttpClient { BaseAddress = url };
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("api/health/live", UriKind.Relative))).StatusCode);
            Assert.Contains("\"/api/jobs\"", await client.GetStringAsync(new Uri("api/openapi.json", UriKind.Relative)),
                StringComparison.Ordinal);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
