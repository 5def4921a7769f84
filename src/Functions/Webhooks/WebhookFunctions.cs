using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace DiffusionBatch.Functions.Webhooks;

/// <summary>Webhooks and their deliveries.</summary>
public sealed class WebhookFunctions(TenantPipeline mine)
{
    const int MostListed = 500, Listed = 50, MaxBytes = 1 << 16;

    readonly IWebhookIndex _index = mine.Index.Webhooks;

    /// <summary><c>POST /api/webhooks</c>: 201 with the secret, which isn't told again.</summary>
    [Function("CreateWebhook")]
    public async Task<IResult> Create(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/webhooks")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        WebhookBody body = await ReadAsync(request, cancellationToken);
        if (mine.Webhooks.Refusal(body.Url) is { } why) throw Refuse.BadBody("/url", $"url: {why}");
        (WebhookRow webhook, string secret) = await mine.Webhooks.AddAsync(body.Url, body.Events ?? WebhookEvents.End, cancellationToken);
        request.HttpContext.Response.Headers.Location = $"/api/webhooks/{webhook.Id}";
        return Answer.Json(View(webhook) with { Secret = secret }, StatusCodes.Status201Created);
    }

    /// <summary><c>GET /api/webhooks</c>.</summary>
    [Function("ListWebhooks")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/webhooks")] HttpRequest request,
        CancellationToken cancellationToken) =>
        Answer.Json(new WebhookListView([.. (await _index.ListAsync(cancellationToken)).Select(View)]));

    /// <summary><c>GET /api/webhooks/{id}</c>.</summary>
    [Function("GetWebhook")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/webhooks/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        Answer.Json(View(await RowAsync(id, cancellationToken)));

    /// <summary><c>DELETE /api/webhooks/{id}</c>.</summary>
    [Function("RemoveWebhook")]
    public async Task<IResult> Remove(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/webhooks/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        await mine.Webhooks.RemoveAsync(id, cancellationToken) ? Results.NoContent() : throw Refuse.UnknownWebhook(id);

    /// <summary><c>GET /api/webhooks/{id}/deliveries?state=&amp;limit=&amp;cursor=</c>: the newest first.</summary>
    [Function("ListDeliveries")]
    public async Task<IResult> Deliveries(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/webhooks/{id}/deliveries")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        DeliveryState? state = Query.Word<DeliveryState>(request, "state");
        int limit = Query.Number(request, "limit", 1, MostListed, Listed);
        await RowAsync(id, cancellationToken);
        IReadOnlyList<DeliveryRow> rows =
            await _index.DeliveriesAsync(id, state, Query.Text(request, "cursor"), limit + 1, cancellationToken);
        return Answer.Json(new DeliveryListView([.. rows.Take(limit).Select(View)], rows.Count > limit ? rows[limit - 1].Id : null));
    }

    /// <summary><c>POST /api/webhooks/{id}/deliveries/{delivery}/repeat</c>: 202; it is sent again, for a day.</summary>
    [Function("RepeatDelivery")]
    public async Task<IResult> Repeat(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/webhooks/{id}/deliveries/{delivery}/repeat")] HttpRequest request,
        string id,
        string delivery, CancellationToken cancellationToken)
    {
        await RowAsync(id, cancellationToken);
        return await _index.RepeatAsync(id, delivery, cancellationToken) ? Results.Accepted() : throw Refuse.UnknownDelivery(delivery);
    }

    async Task<WebhookRow> RowAsync(string id, CancellationToken cancellationToken) =>
        await _index.GetAsync(id, cancellationToken) ?? throw Refuse.UnknownWebhook(id);

    static async Task<WebhookBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || type.MediaType != "application/json")
            throw Refuse.MediaType(request.ContentType, "the webhook as application/json");
        byte[] body = await BodyReader.ReadAsync(request, MaxBytes, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Refuse.BadBody("", "An object is expected, with the field \"url\".");
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
                if (member.Name is not ("url" or "events"))
                    throw Refuse.BadBody("/" + member.Name, $"unknown field \"{member.Name}\"; expected \"url\" or \"events\"");
            return document.RootElement.Deserialize(ApiJson.Of<WebhookBody>()) is { Url: not null } webhook
                ? webhook : throw Refuse.BadBody("", "The field \"url\" is missing: expected an http or https URL.");
        }
        catch (JsonException e)
        {
            throw Refuse.BadBody(
                e.Path is { Length: > 2 } path ? path[1..].Replace('.', '/') : "",
                "The body isn't a webhook: {\"url\": \"https://...\", \"events\": \"end\" or \"state\"} is expected.");
        }
    }

    static WebhookView View(WebhookRow row) => new(row.Id, row.Url, row.Events, row.CreatedAt);

    static DeliveryView View(DeliveryRow row) =>
        new(row.Id, "job." + row.JobState.Name(), row.JobId, row.State, row.Attempts, row.HappenedAt)
        {
            DeliveredAt = row.DeliveredAt,
            NextAttemptAt = row.State == DeliveryState.Pending ? row.DueAt : null,
            Status = row.Status,
            Error = row.Error,
        };
}

/// <summary>The app's settings for webhooks.</summary>
internal static class WebhookSettings
{
    const string AllowPrivate = "Webhooks:AllowPrivate";

    /// <summary>Reads them.</summary>
    /// <exception cref="OptionsValidationException">One is wrong.</exception>
    public static WebhookOptions Of(IConfiguration configuration) => configuration[AllowPrivate] switch
    {
        null or "" => new WebhookOptions(),
        var text when bool.TryParse(text, out bool allow) => new WebhookOptions(allow),
        var text => throw new OptionsValidationException(AllowPrivate, typeof(WebhookOptions),
            [$"{AllowPrivate} is \"{text}\"; it is true or false."]),
    };
}
