using System.Globalization;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Cli.Remote;

/// <summary>Webhooks at a server in words.</summary>
internal static class WebhookText
{
    /// <summary>A table of webhooks.</summary>
    public static TextTable Table(IEnumerable<WebhookView> webhooks)
    {
        var table = new TextTable("webhook", "url", "events", "made");
        foreach (WebhookView one in webhooks) table.Add(one.Id, one.Url, EnumText.Of(one.Events), ScheduleText.Time(one.CreatedAt));
        return table;
    }

    /// <summary>A table of deliveries; "next" is when one that is pending is tried again.</summary>
    public static TextTable Table(IEnumerable<DeliveryView> deliveries)
    {
        var table = new TextTable("delivery", "type", "job", "state", "tries", "status", "happened", "next", "error");
        foreach (DeliveryView one in deliveries)
            table.Add(one.Id, one.Type, one.Job, EnumText.Of(one.State), Text(one.Attempts), one.Status is { } status ? Text(status) : "",
                ScheduleText.Time(one.HappenedAt), one.NextAttemptAt is { } next ? ScheduleText.Time(next) : "", one.Error ?? "");
        return table;

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>All about a webhook, a line each.</summary>
    public static IEnumerable<string> Lines(WebhookView webhook) =>
    [
        $"webhook     {webhook.Id}",
        $"url         {webhook.Url}",
        $"events      {EnumText.Of(webhook.Events)}",
        $"made        {ScheduleText.Time(webhook.CreatedAt)}",
    ];
}
