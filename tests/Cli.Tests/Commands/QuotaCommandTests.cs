using System.Text.Json;
using DiffusionBatch.Cli.Tests.Remote;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Tests.Commands;

/// <summary>What <c>dbatch quota</c> asks of an API and shows of its answers.</summary>
public sealed class QuotaCommandTests : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    FakeApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await FakeApi.StartAsync(_ =>
        (200, new QuotaView("acme", new QuotaBody { QueuedItems = 100_000, RunningTasks = 8 }, 1234, 56, 7)));

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    async Task<string> RunAsync(params string[] command)
    {
        Dbatch.Ended ended = await Dbatch.RunAsync(_folder.Path, ["quota", .. command, "--server", _api.Url]);
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
        Assert.Equal(["""PUT /api/tenants/acme/quota {"queuedItems":100000,"runningTasks":8}""", "GET /api/tenants/acme/quota"], _api.Asked);
    }
}
