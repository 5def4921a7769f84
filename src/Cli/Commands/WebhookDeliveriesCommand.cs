using System.CommandLine;
using System.Globalization;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch webhook deliveries</c>.</summary>
internal sealed class WebhookDeliveriesCommand : ServerCommand
{
    readonly Argument<string> _id = WebhookCommand.IdOf();
    readonly Option<string?> _state = new Option<string?>("--state")
    {
        Description = "Only deliveries in this state.",
        HelpName = "pending|delivered|failed",
    }.AcceptOnlyFromAmong([.. Enum.GetValues<DeliveryState>().Select(EnumText.Of)]);
    readonly Option<int> _limit = new("--limit")
    {
        Description = "The most deliveries, 1 to 500.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };
    readonly Option<string?> _cursor = new("--cursor")
    {
        Description = "Go on behind an earlier page: its \"next\", or the id of its last delivery.",
        HelpName = "CURSOR",
    };
    readonly Option<string> _output = CommonOptions.Output();

    public WebhookDeliveriesCommand() : base("deliveries", "Show what a webhook was told, or is to be told, the newest first.",
        "dbatch webhook deliveries wh_01993b...",
        "dbatch webhook deliveries wh_01993b... --state failed --output json")
    {
        Arguments.Add(_id);
        foreach (Option option in (Option[])[_state, _limit, _cursor, _output]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string query = string.Create(CultureInfo.InvariantCulture, $"/deliveries?limit={arguments.GetValue(_limit)}")
            + (arguments.GetValue(_state) is { } state ? "&state=" + state : "")
            + (arguments.GetValue(_cursor) is { } cursor ? "&cursor=" + Uri.EscapeDataString(cursor) : "");
        var page = await client.GetAsync<DeliveryListView>(
            WebhookCommand.PathOf(arguments.GetRequiredValue(_id), query), cancellationToken);
        if (arguments.GetValue(_output) == "json")
        {
            screen.Data(JobJson.Of(page, ApiJson.Of<DeliveryListView>()));
            return ExitCodes.Done;
        }
        if (page.Deliveries.Count > 0) screen.Data(WebhookText.Table(page.Deliveries));
        else screen.Note("dbatch: there are no such deliveries");
        if (page.Next is { } next) screen.Note($"dbatch: there are more: --cursor {next}");
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch webhook repeat</c>.</summary>
internal sealed class WebhookRepeatCommand : ServerCommand
{
    readonly Argument<string> _id = WebhookCommand.IdOf();
    readonly Argument<string> _delivery = new("DELIVERY")
    {
        Description = "The delivery's id, as 'dbatch webhook deliveries' shows it.",
    };

    public WebhookRepeatCommand() : base("repeat", "Have a delivery sent again, under its id and with its body, for a day.",
        "dbatch webhook repeat wh_01993b... msg_01993c...")
    {
        Arguments.Add(_id);
        Arguments.Add(_delivery);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string delivery = arguments.GetRequiredValue(_delivery);
        await client.DoAsync(HttpMethod.Post,
            WebhookCommand.PathOf(arguments.GetRequiredValue(_id), $"/deliveries/{Uri.EscapeDataString(delivery)}/repeat"),
            cancellationToken);
        screen.Note($"dbatch: {delivery} is sent again");
        return ExitCodes.Done;
    }
}
