using System.Text.Json;
using DiffusionBatch.Cli.Tests.Remote;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Tests.Commands;

/// <summary>What <c>dbatch webhook</c> asks of an API and shows of its answers; docs/operations.md runs it against the real one.</summary>
public sealed class WebhookCommandTests : IAsyncLifetime
{
    static readonly DateTimeOffset s_time = new(2026, 12, 1, 3, 0, 0, TimeSpan.Zero);

    static readonly WebhookView s_hook = new("wh_1", "https://example.com/hook", WebhookEvents.State, s_time);

    readonly TemporaryFolder _folder = new();
    FakeApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await FakeApi.StartAsync(Answer);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    static (int Status, object? Body) Answer(string asked)
    {
        var delivery = new DeliveryView("msg_1", "job.failed", "job_1", DeliveryState.Pending, 2, s_time)
        {
            NextAttemptAt = s_time.AddHours(1),
            Status = 503,
            Error = "The answer was 503."
        };
        return asked switch
        {
            "POST /api/webhooks" => (201, s_hook with { Secret = "whsec_abc" }),
            "GET /api/webhooks" => (200, new WebhookListView([s_hook])),
            "GET /api/webhooks/wh_1" => (200, s_hook),
            "DELETE /api/webhooks/wh_1" => (204, null),
            "GET /api/webhooks/wh_1/deliveries?limit=1&state=pending" => (200, new DeliveryListView([delivery], "msg_1")),
            "GET /api/webhooks/wh_1/deliveries?limit=50&cursor=msg_1" => (200, new DeliveryListView([], null)),
            "POST /api/webhooks/wh_1/deliveries/msg_1/repeat" => (202, (object?)null),
            _ => (404, new ApiProblem("urn:x", "There is no such thing", 404, "There is no webhook; GET /api/webhooks lists them.")),
        };
    }

    async Task<Dbatch.Ended> RunAsync(int code, params string[] command)
    {
        Dbatch.Ended ended = await Dbatch.RunAsync(_folder.Path, ["webhook", .. command, "--server", _api.Url]);
        Assert.True(ended.ExitCode == code, $"{string.Join(' ', command)}: {ended.ExitCode} {ended.Error}");
        return ended;
    }

    [Fact]
    public async Task One_is_made_shown_and_removed_and_its_secret_is_printed_once()
    {
        Assert.Equal("whsec_abc", (await RunAsync(0, "add", "https://example.com/hook", "--events", "state")).Out.Trim());
        JsonElement made = JsonDocument.Parse((await RunAsync(0, "add", "https://example.com/hook", "--output", "json")).Out).RootElement;
        Assert.Equal(("wh_1", "whsec_abc"), (made.GetProperty("id").GetString(), made.GetProperty("secret").GetString()));
        Assert.Contains("wh_1     https://example.com/hook  state   2026-12-01 03:00:00Z", (await RunAsync(0, "list")).Out,
            StringComparison.Ordinal);
        Assert.Contains("url         https://example.com/hook\n", (await RunAsync(0, "show", "wh_1")).Out, StringComparison.Ordinal);
        Assert.Contains("wh_1 is removed", (await RunAsync(0, "remove", "wh_1")).Error, StringComparison.Ordinal);
        Assert.Contains("There is no webhook", (await RunAsync(2, "show", "wh_2")).Error, StringComparison.Ordinal);
        Assert.Equal(
            ["""POST /api/webhooks {"url":"https://example.com/hook","events":"state"}""",
                """POST /api/webhooks {"url":"https://example.com/hook","events":"end"}""", "GET /api/webhooks",
                "GET /api/webhooks/wh_1", "DELETE /api/webhooks/wh_1", "GET /api/webhooks/wh_2"],
            _api.Asked);
    }

    [Fact]
    public async Task Deliveries_are_shown_page_by_page_and_one_is_repeated()
    {
        Dbatch.Ended page = await RunAsync(0, "deliveries", "wh_1", "--state", "pending", "--limit", "1");
        Assert.Contains(
            "msg_1     job.failed  job_1  pending      2     503  2026-12-01 03:00:00Z  2026-12-01 04:00:00Z  The answer was 503.",
            page.Out, StringComparison.Ordinal);
        Assert.Contains("--cursor msg_1", page.Error, StringComparison.Ordinal);
        Assert.Contains("no such deliveries", (await RunAsync(0, "deliveries", "wh_1", "--cursor", "msg_1")).Error,
            StringComparison.Ordinal);
        Assert.Contains("msg_1 is sent again", (await RunAsync(0, "repeat", "wh_1", "msg_1")).Error, StringComparison.Ordinal);
        await RunAsync(2, "repeat", "wh_1", "msg_2");
    }
}
