using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Tests.Index;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;
using DiffusionBatch.Pipeline.Webhooks;
using StandardWebhooks;

namespace DiffusionBatch.Pipeline.Tests.Webhooks;

/// <summary>What webhooks are told, by a server on this machine.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    readonly PipelineRig _rig = new();
    readonly ListLogger<WebhookService> _log = new();
    WebhookReceiver _receiver = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Who verifies goes by the real time.
        _rig.Time.Advance(TimeProvider.System.GetUtcNow() - _rig.Time.GetUtcNow());
        _receiver = await WebhookReceiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _rig.DisposeAsync();
    }

    WebhookService Service(bool allowPrivate = true) =>
        new(_rig.Store, _rig.Index.Webhooks, new WebhookOptions(allowPrivate), _rig.Time, _log);

    async Task<JobRow> RunAsync() => await _rig.RunAsync(TestRoot.Sample(), new FakeTasks());

    async Task<DeliveryRow> OnlyAsync(string webhook) =>
        Assert.Single(await _rig.Index.Webhooks.DeliveriesAsync(webhook, null, null, 10, Cancel));

    [Fact]
    public async Task The_end_of_a_job_is_told_once_signed_as_the_standard_has_it()
    {
        using WebhookService service = Service();
        (WebhookRow webhook, string secret) = await service.AddAsync(_receiver.Url, WebhookEvents.End, Cancel);
        JobRow job = await RunAsync();
        Assert.Equal(1, await service.RunOnceAsync(Cancel));
        Assert.Equal(0, await service.RunOnceAsync(Cancel));
        var (body, headers) = Assert.Single(_receiver.Received);
        new StandardWebhook(secret).Verify(body, headers);
        Assert.ThrowsAny<Exception>(() => new StandardWebhook(secret).Verify(body + " ", headers));
        JsonElement told = JsonDocument.Parse(body).RootElement, data = told.GetProperty("data");
        Assert.Equal(("job.completed", job.Id, "completed", 23L),
            (told.GetProperty("type").GetString(), data.GetProperty("id").GetString(), data.GetProperty("state").GetString(),
                data.GetProperty("items").GetProperty("total").GetInt64()));
        DeliveryRow delivery = await OnlyAsync(webhook.Id);
        Assert.Equal((headers["webhook-id"].ToString(), DeliveryState.Delivered, 1, 204),
            (delivery.Id, delivery.State, delivery.Attempts, delivery.Status));
    }

    [Fact]
    public async Task Each_state_is_told_where_that_is_asked_for()
    {
        using WebhookService service = Service();
        await service.AddAsync(_receiver.Url, WebhookEvents.State, Cancel);
        await RunAsync();
        await service.RunOnceAsync(Cancel);
        string[] states = [.. _receiver.Received.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("type").GetString()!)
            .Order(StringComparer.Ordinal)];
        Assert.Contains("job.running", states);
        Assert.Contains("job.completed", states);
    }

    [Fact]
    public async Task What_is_not_taken_is_tried_again_for_a_day_and_can_be_repeated()
    {
        using WebhookService service = Service();
        (WebhookRow webhook, _) = await service.AddAsync(_receiver.Url, WebhookEvents.End, Cancel);
        _receiver.Status = 500;
        await RunAsync();
        DateTimeOffset begin = _rig.Time.GetUtcNow();
        var attempts = new List<TimeSpan>();
        while ((await OnlyAsync(webhook.Id)) is { State: DeliveryState.Pending } pending)
        {
            if (pending.DueAt > _rig.Time.GetUtcNow()) _rig.Time.Advance(pending.DueAt - _rig.Time.GetUtcNow());
            attempts.Add(_rig.Time.GetUtcNow() - begin);
            await service.RunOnceAsync(Cancel);
            // Before its time nothing is sent.
            Assert.Equal(0, await service.RunOnceAsync(Cancel));
        }
        Assert.Equal(attempts.Count, _receiver.Received.Count);
        Assert.InRange(attempts.Count, 10, 15);
        Assert.Equal([5, 35], attempts.Skip(1).Take(2).Select(a => (int)Math.Round((a - attempts[0]).TotalSeconds)));
        Assert.InRange(attempts[^1].TotalHours, 16, 24);
        Assert.Single(_receiver.Received.Select(r => (r.Body, r.Headers["webhook-id"].ToString())).Distinct());
        DeliveryRow failed = await OnlyAsync(webhook.Id);
        Assert.Equal((DeliveryState.Failed, 500, "The answer was 500."), (failed.State, failed.Status, failed.Error));

        _receiver.Status = 200;
        Assert.True(await _rig.Index.Webhooks.RepeatAsync(webhook.Id, failed.Id, Cancel));
        Assert.False(await _rig.Index.Webhooks.RepeatAsync(webhook.Id, "msg_none", Cancel));
        Assert.Equal(1, await service.RunOnceAsync(Cancel));
        Assert.Equal(DeliveryState.Delivered, (await OnlyAsync(webhook.Id)).State);
    }

    [Fact]
    public async Task Answers_that_lead_elsewhere_are_not_followed_and_a_server_that_is_away_is_told()
    {
        using WebhookService service = Service();
        (WebhookRow webhook, _) = await service.AddAsync(_receiver.Url, WebhookEvents.End, Cancel);
        (WebhookRow away, _) = await service.AddAsync("http://127.0.0.1:9/", WebhookEvents.End, Cancel);
        _receiver.Status = 302;
        await RunAsync();
        await service.RunOnceAsync(Cancel);
        Assert.Single(_receiver.Received);
        Assert.Equal((DeliveryState.Pending, 302), await OnlyAsync(webhook.Id) is var led ? (led.State, led.Status) : default);
        Assert.Equal((DeliveryState.Pending, null, true),
            await OnlyAsync(away.Id) is var lost ? (lost.State, lost.Status, lost.Error!.Length > 0) : default);
    }

    [Fact]
    public async Task A_private_address_gets_nothing_whatever_its_name()
    {
        using WebhookService allowing = Service(), service = Service(allowPrivate: false);
        // Made while that was allowed; or its name led elsewhere then.
        (WebhookRow webhook, _) = await allowing.AddAsync(_receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal),
            WebhookEvents.End, Cancel);
        await RunAsync();
        await service.RunOnceAsync(Cancel);
        Assert.Empty(_receiver.Received);
        Assert.Contains("public Internet", (await OnlyAsync(webhook.Id)).Error, StringComparison.Ordinal);
        foreach (string url in (string[])["http://localhost/x", "http://127.1.2.3/", "https://[::1]/", "http://10.0.0.1/",
            "http://169.254.169.254/latest", "http://[::ffff:192.168.0.1]/", "ftp://example.com/", "http://u:p@example.com/",
            "example.com"])
            Assert.True(service.Refusal(url) is not null, url);
        Assert.Null(service.Refusal("https://example.com/hook?x=1"));
        Assert.Null(allowing.Refusal("http://localhost/x"));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("100.64.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("168.63.129.16", false)]
    public void Addresses_are_told_apart(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task A_secret_is_in_no_table_and_no_log_and_goes_with_its_webhook()
    {
        using WebhookService service = Service();
        (WebhookRow webhook, string secret) = await service.AddAsync(_receiver.Url, WebhookEvents.End, Cancel);
        await RunAsync();
        await service.RunOnceAsync(Cancel);
        string name = $".dbatch/webhooks/{webhook.Id}";
        Assert.NotNull(await _rig.Store.FindAsync(name, Cancel));
        Assert.DoesNotContain(IndexRows.Read(_rig.Database), row => row.Contains(secret, StringComparison.Ordinal)
            || row.Contains(secret[6..], StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines.Concat(_rig.Logger.Lines), line => line.Contains(secret[6..], StringComparison.Ordinal));
        Assert.True(await service.RemoveAsync(webhook.Id, Cancel));
        Assert.Null(await _rig.Store.FindAsync(name, Cancel));
        Assert.False(await service.RemoveAsync(webhook.Id, Cancel));
        Assert.Equal(32, Convert.FromBase64String(secret[6..]).Length);
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
    }
}
