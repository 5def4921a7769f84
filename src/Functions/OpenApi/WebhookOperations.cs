using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>The operations on webhooks.</summary>
internal static class WebhookOperations
{
    static readonly ApiParameter s_id = new("path", "id", "The webhook's id.");
    static readonly (int, string) s_none = (404, "There is no such webhook.");

    /// <summary>The operations.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("post", "/webhooks", "CreateWebhook", "Make a webhook. Its secret is told in this answer alone.")
        {
            Bodies = ["application/json"],
            Body = typeof(WebhookBody),
            Answers = [new(201, "It was made; Location is its own.") { Body = typeof(WebhookView) }],
            Problems = [(400, "The body has problems, or the URL isn't one that may be told."), (413, "The body is too large."),
                (415, "The body isn't JSON.")],
        },
        new("get", "/webhooks", "ListWebhooks",
            "All webhooks, the oldest first.") { Answers = [new(200, "The webhooks.") { Body = typeof(WebhookListView) }] },
        new("get", "/webhooks/{id}", "GetWebhook", "A webhook.")
        {
            Parameters = [s_id],
            Answers = [new(200, "The webhook.") { Body = typeof(WebhookView) }],
            Problems = [s_none],
        },
        new("delete", "/webhooks/{id}", "RemoveWebhook", "Remove a webhook with its deliveries.")
        {
            Parameters = [s_id],
            Answers = [new(204, "It is removed.")],
            Problems = [s_none],
        },
        new("get", "/webhooks/{id}/deliveries", "ListDeliveries", "What a webhook was told, or is to be told, the newest first.")
        {
            Parameters =
            [
                s_id, new("query", "state", "In this state only.") { Values = ["pending", "delivered", "failed"] },
                new("query", "limit", "The most of a page, 1 to 500; 50 by default.") { Type = "integer" },
                new("query", "cursor", "next of the page before."),
            ],
            Answers = [new(200, "A page.") { Body = typeof(DeliveryListView) }],
            Problems = [(400, "A parameter is wrong."), s_none],
        },
        new("post", "/webhooks/{id}/deliveries/{delivery}/repeat", "RepeatDelivery",
            "Have a delivery sent again, under its id and with its body.")
        {
            Parameters = [s_id, new("path", "delivery", "The delivery's id.")],
            Answers = [new(202, "It is due.")],
            Problems = [(404, "There is no such webhook or delivery.")],
        },
    ];
}
