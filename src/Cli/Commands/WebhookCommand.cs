using System.CommandLine;
using System.Text.Json;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch webhook</c>: who is told of jobs.</summary>
internal sealed class WebhookCommand : DbatchCommand
{
    public WebhookCommand() : base("webhook",
        "Have a URL told of jobs: make webhooks, look at them and at what they were told, have it told again, remove them.",
        "dbatch webhook add https://example.com/hook --events end",
        "dbatch webhook list",
        "dbatch webhook deliveries wh_01993b... --state failed")
    {
        Add(new WebhookAddCommand());
        Add(new WebhookListCommand());
        Add(new WebhookShowCommand());
        Add(new WebhookDeliveriesCommand());
        Add(new WebhookRepeatCommand());
        Add(new WebhookRemoveCommand());
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken) =>
        throw new UserException("webhook: add, list, show, deliveries, repeat or remove is needed; see 'dbatch webhook --help'");

    /// <summary>The argument that names a webhook.</summary>
    public static Argument<string> IdOf() => new("ID") { Description = "The webhook's id, as 'dbatch webhook list' shows it." };

    /// <summary>A webhook's path under the API.</summary>
    public static string PathOf(string id, string rest = "") => $"webhooks/{Uri.EscapeDataString(id)}{rest}";
}

/// <summary><c>dbatch webhook add</c>.</summary>
internal sealed class WebhookAddCommand : ServerCommand
{
    readonly Argument<string> _url = new("URL") { Description = "Where it is, by http or https." };
    readonly Option<string> _events = new Option<string>("--events")
    {
        Description = "What it is told: each end of a job, or each state that a job comes to.",
        HelpName = "end|state",
        DefaultValueFactory = _ => EnumText.Of(WebhookEvents.End),
    }.AcceptOnlyFromAmong([.. Enum.GetValues<WebhookEvents>().Select(EnumText.Of)]);
    readonly Option<string> _output = CommonOptions.Output();

    public WebhookAddCommand() : base("add",
        "Make a webhook. Prints the secret that its deliveries are signed with, this once: no one can show it again.",
        "dbatch webhook add https://example.com/hook",
        "dbatch webhook add https://example.com/hook --events state --output json")
    {
        Arguments.Add(_url);
        Options.Add(_events);
        Options.Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        var body = new WebhookBody(arguments.GetRequiredValue(_url))
        {
            Events = EnumText.Parse<WebhookEvents>(arguments.GetValue(_events)),
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Of<WebhookBody>());
        WebhookView webhook = await client.AskAsync<WebhookView>(HttpMethod.Post, "webhooks", json, cancellationToken);
        if (arguments.GetValue(_output) == "json") screen.Data(JobJson.Of(webhook, ApiJson.Of<WebhookView>()));
        else screen.Data(webhook.Secret!);
        screen.Note($"dbatch: the webhook is {webhook.Id}; its secret isn't shown again");
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch webhook list</c>.</summary>
internal sealed class WebhookListCommand : ServerCommand
{
    readonly Option<string> _output = CommonOptions.Output();

    public WebhookListCommand()
        : base("list", "Show all webhooks, the oldest first.", "dbatch webhook list", "dbatch webhook list --output json") =>
        Options.Add(_output);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        WebhookListView list = await client.GetAsync<WebhookListView>("webhooks", cancellationToken);
        if (arguments.GetValue(_output) == "json") screen.Data(JobJson.Of(list, ApiJson.Of<WebhookListView>()));
        else if (list.Webhooks.Count > 0) screen.Data(WebhookText.Table(list.Webhooks));
        else screen.Note("dbatch: there are no webhooks; 'dbatch webhook add' makes one");
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch webhook show</c>.</summary>
internal sealed class WebhookShowCommand : ServerCommand
{
    readonly Argument<string> _id = WebhookCommand.IdOf();
    readonly Option<string> _output = CommonOptions.Output();

    public WebhookShowCommand() : base("show", "Show a webhook.", "dbatch webhook show wh_01993b...",
        "dbatch webhook show wh_01993b... --output json")
    {
        Arguments.Add(_id);
        Options.Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        var view = await client.GetAsync<WebhookView>(WebhookCommand.PathOf(arguments.GetRequiredValue(_id)), cancellationToken);
        if (arguments.GetValue(_output) == "json") screen.Data(JobJson.Of(view, ApiJson.Of<WebhookView>()));
        else
            foreach (string line in WebhookText.Lines(view)) screen.Data(line);
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch webhook remove</c>.</summary>
internal sealed class WebhookRemoveCommand : ServerCommand
{
    readonly Argument<string> _id = WebhookCommand.IdOf();

    public WebhookRemoveCommand()
        : base("remove", "Remove a webhook with its deliveries; it is told nothing from then on.", "dbatch webhook remove wh_01993b...") =>
        Arguments.Add(_id);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string id = arguments.GetRequiredValue(_id);
        await client.DoAsync(HttpMethod.Delete, WebhookCommand.PathOf(id), cancellationToken);
        screen.Note($"dbatch: {id} is removed");
        return ExitCodes.Done;
    }
}
