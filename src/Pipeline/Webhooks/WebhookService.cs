using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Webhooks;

/// <summary>
/// Webhooks: making and removing them, and sending what is due. Their secrets are blobs of the pipeline's own, which neither the API nor
/// the index give out.
/// </summary>
public sealed partial class WebhookService(
    IBlobStore store, IWebhookIndex index, WebhookOptions options, TimeProvider time, ILogger<WebhookService> log) : IDisposable
{
    const int MostAtOnce = 64, Senders = 8;

    // Longer than an attempt may take: nobody tries at the same time, and what dies at it is soon tried again.
    static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    // After the attempts, the last one again and again, until the delivery's day is over.
    static readonly TimeSpan[] s_pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
    ];

    readonly WebhookTransport _transport = new(options.AllowPrivate);

    /// <summary>What is wrong with a webhook's URL; null where nothing is.</summary>
    public string? Refusal(string url) => _transport.Refusal(url);

    /// <summary>Makes a webhook.</summary>
    /// <returns>It, and its secret, which nobody is told again.</returns>
    public async Task<(WebhookRow Webhook, string Secret)> AddAsync(string url, WebhookEvents events, CancellationToken cancellationToken)
    {
        string id = "wh_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), secret = WebhookSigning.NewSecret();
        await store.WriteAsync(SecretOf(id), new MemoryStream(Encoding.UTF8.GetBytes(secret)), BlobCondition.None, cancellationToken);
        await index.AddAsync(new WebhookRow { Id = id, Url = url, Events = events }, cancellationToken);
        return (await index.GetAsync(id, cancellationToken) ?? throw new InvalidOperationException($"There is no webhook {id}."), secret);
    }

    /// <summary>Removes a webhook, its deliveries and its secret; false: there is none.</summary>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (!await index.RemoveAsync(id, cancellationToken)) return false;
        await store.DeleteAsync(SecretOf(id), BlobCondition.None, cancellationToken);
        return true;
    }

    /// <summary>
    /// Sends what is due, some at once. What isn't taken is tried again: after 5 s, 30 s, 2, 10, 30 minutes, 1, 2, 4, 4 ... hours, for a
    /// day.
    /// </summary>
    /// <returns>How many were delivered.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        int delivered = 0;
        var several = new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(await index.DueAsync(MostAtOnce, cancellationToken), several, async (id, token) =>
        {
            if (await index.ClaimAsync(id, s_lease, BodyOf, token) is { } delivery && await SendAsync(delivery, token))
                Interlocked.Increment(ref delivered);
        });
        return delivered;
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    async Task<bool> SendAsync(DeliveryRow delivery, CancellationToken cancellationToken)
    {
        AttemptEnd end;
        try
        {
            long timestamp = time.GetUtcNow().ToUnixTimeSeconds();
            string secret = await SecretAsync(delivery.WebhookId, cancellationToken);
            (string, string)[] headers =
            [
                ("webhook-id", delivery.Id), ("webhook-timestamp", $"{timestamp}"),
                ("webhook-signature", WebhookSigning.Sign(secret, delivery.Id, timestamp, delivery.Body!)),
            ];
            int status = await _transport.PostAsync(delivery.Url, delivery.Body!, headers, cancellationToken);
            end = status is >= 200 and < 300
                ? new AttemptEnd(DeliveryState.Delivered, status, null) : Failed(delivery, status, $"The answer was {status}.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            end = Failed(delivery, null, e is OperationCanceledException ? "There was no answer in time." : e.InnerException?.Message
                ?? e.Message);
        }
        await index.EndAsync(delivery, end, cancellationToken);
        if (end.State == DeliveryState.Failed) LogGivenUp(delivery.Id, delivery.WebhookId, end.Error!);
        return end.State == DeliveryState.Delivered;
    }

    AttemptEnd Failed(DeliveryRow delivery, int? status, string error)
    {
        DateTimeOffset again = time.GetUtcNow() + s_pauses[Math.Min(delivery.Attempts - 1, s_pauses.Length - 1)];
        return again >= delivery.Until
            ? new AttemptEnd(DeliveryState.Failed, status, error) : new AttemptEnd(DeliveryState.Pending, status, error, again);
    }

    async Task<string> SecretAsync(string webhook, CancellationToken cancellationToken)
    {
        await using Stream content = await store.OpenReadAsync(SecretOf(webhook), 0, cancellationToken)
            ?? throw new IOException("The webhook's secret is gone; make it anew.");
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Where a webhook's secret lies.</summary>
    internal static string SecretOf(string webhook) => $"{RootNames.Internal}/webhooks/{webhook}";

    static string BodyOf(DeliveryRow delivery, JobRow job) => JsonSerializer.Serialize(
        new WebhookMessage("job." + delivery.JobState.Name(), delivery.HappenedAt,
            new WebhookJob(job.Id, job.Name, job.Kind, delivery.JobState)
            {
                Output = job.Output.Length > 0 ? job.Output : null,
                Pipeline = job.ParentId,
                Schedule = job.Schedule,
                ScheduledFor = job.ScheduledFor,
                Items = job.ItemsTotal is null ? null : new ItemsView(job.ItemsTotal, job.ItemsSucceeded ?? 0, job.ItemsErrored ?? 0),
                Error = delivery.JobState == job.State ? job.Error : null,
            }),
        ApiJson.Of<WebhookMessage>());

    [LoggerMessage(1, LogLevel.Warning, "The delivery {Delivery} to the webhook {Webhook} is given up after a day: {Reason}")]
    partial void LogGivenUp(string delivery, string webhook, string reason);
}

/// <summary>What webhooks may be.</summary>
/// <param name="AllowPrivate">Whether they may be at loopback, private and link-local addresses: the setting
/// <c>Webhooks:AllowPrivate</c>.</param>
public sealed record WebhookOptions(bool AllowPrivate = false);
