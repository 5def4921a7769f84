using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    async Task<string> WebhookAsync(string id, WebhookEvents events = WebhookEvents.End)
    {
        await Index.Webhooks.AddAsync(new WebhookRow { Id = id, Url = "https://example.com/" + id, Events = events });
        return id;
    }

    [Fact]
    public async Task A_change_of_state_is_told_to_the_webhooks_that_ask_for_it()
    {
        string ends = await WebhookAsync("wh_1"), states = await WebhookAsync("wh_2", WebhookEvents.State);
        Assert.Equal((WebhookEvents.State, Time.GetUtcNow()),
            (await Index.Webhooks.GetAsync(states))! is var row ? (row.Events, row.CreatedAt) : default);
        string job = await SubmitAsync();
        await CompleteAsync(job);
        DeliveryRow end = Assert.Single(await Index.Webhooks.DeliveriesAsync(ends, null, null, 10));
        Assert.Equal((job, JobState.Completed, DeliveryState.Pending, 0), (end.JobId, end.JobState, end.State, end.Attempts));
        // It runs while it is planned, and again while its tasks do.
        Assert.Equal([JobState.Queued, JobState.Running, JobState.Running, JobState.Completed],
            (await Index.Webhooks.DeliveriesAsync(states, null, null, 10)).Select(d => d.JobState).Order());
        Assert.Empty(await Index.Webhooks.DeliveriesAsync(states, DeliveryState.Failed, null, 10));
        Assert.True(await Index.Webhooks.RemoveAsync(states));
        Assert.Equal([end.Id], await Index.Webhooks.DueAsync(10));
        Assert.Equal([ends], (await Index.Webhooks.ListAsync()).Select(w => w.Id));
    }

    [Fact]
    public async Task Of_many_who_would_send_a_delivery_one_does_and_its_body_stays()
    {
        string webhook = await WebhookAsync("wh_1");
        await CompleteAsync(await SubmitAsync());
        string id = Assert.Single(await Index.Webhooks.DueAsync(10));
        DeliveryRow?[] claims = await RaceAsync(6, (index, i) => index.Webhooks.ClaimAsync(id, s_minute, (_, job) => $"{job.Name} {i}"));
        DeliveryRow first = Assert.Single(claims.OfType<DeliveryRow>());
        Assert.Equal(1, first.Attempts);
        Assert.Empty(await Index.Webhooks.DueAsync(10));
        // Whoever had it died: after its time another one takes over, and what the dead one says counts no more.
        Time.Advance(s_minute);
        DeliveryRow second = (await Index.Webhooks.ClaimAsync(id, s_minute, (_, _) => "another"))!;
        Assert.Equal((first.Body, 2), (second.Body, second.Attempts));
        Assert.False(await Index.Webhooks.EndAsync(first, new AttemptEnd(DeliveryState.Delivered, 200, null)));
        Assert.True(await Index.Webhooks.EndAsync(second, new AttemptEnd(DeliveryState.Pending, 503, "away", Time.GetUtcNow() + s_minute)));
        Assert.Empty(await Index.Webhooks.DueAsync(10));
        Time.Advance(s_minute);
        DeliveryRow third = (await Index.Webhooks.ClaimAsync(id, s_minute, (_, _) => ""))!;
        Assert.True(await Index.Webhooks.EndAsync(third, new AttemptEnd(DeliveryState.Delivered, 200, null)));
        DeliveryRow told = Assert.Single(await Index.Webhooks.DeliveriesAsync(webhook, DeliveryState.Delivered, null, 10));
        Assert.Equal((200, null, Time.GetUtcNow()), (told.Status, told.Error, told.DeliveredAt));
        Assert.True(await Index.Webhooks.RepeatAsync(webhook, id));
        Assert.Equal([id], await Index.Webhooks.DueAsync(10));
    }
}
