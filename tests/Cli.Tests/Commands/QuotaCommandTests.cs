using System.Collections.Concurrent;
using System.Text.Json;
using DiffusionBatch.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Cli.Tests.Commands;

/// <summary>What <c>dbatch quota</c> asks of an API and shows of its answers.</summary>
public sealed class QuotaCommandTests : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    readonly ConcurrentQueue<string> _asked = [];
    WebApplication _api = null!;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _api = builder.Build();
        _api.Run(AnswerAsync);
        await _api.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _asked.Enqueue($"{context.Request.Method} {context.Request.Path} {await reader.ReadToEndAsync()}".TrimEnd());
        var view = new QuotaView("acme", new QuotaBody { QueuedItems = 100_000, RunningTasks = 8 }, 1234, 56, 7);
        await context.Response.WriteAsync(JsonSerializer.Serialize(view, ApiJson.Of<QuotaView>()));
    }

    async Task<string> RunAsync(params string[] command)
    {
        Dbatch.Ended ended = await Dbatch.RunAsync(_folder.Path, ["quota", .. command, "--server", _api.Urls.Single()]);
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', command)}: {ended.ExitCode} {ended.Error}");
        return ended.Out;
    }

    [Fact]
    public async Task A_quota_is_set_and_shown()
    {
        string table = await RunAsync("set", "acme", "--items", "100000", "--tasks", "8");
        foreach (string row in (string[])["queued items +1,234 +100,000", "bytes of files +56 +any", "running tasks +7 +8"])
            Assert.Matches(row, table);
        JsonElement shown = JsonDocument.Parse(await RunAsync("show", "acme", "--output", "json")).RootElement;
        Assert.Equal((100_000L, 7L),
            (shown.GetProperty("most").GetProperty("queuedItems").GetInt64(), shown.GetProperty("runningTasks").GetInt64()));
        Assert.Equal(["""PUT /api/tenants/acme/quota {"queuedItems":100000,"runningTasks":8}""", "GET /api/tenants/acme/quota"], _asked);
    }
}
