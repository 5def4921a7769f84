using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch quota</c>: how much a tenant may have.</summary>
internal sealed class QuotaCommand : DbatchCommand
{
    public QuotaCommand() : base("quota",
        "Show and set how much a pipeline's tenants may have. Needs a key of an admin of the default tenant in DBATCH_KEY; any key shows "
            + "its own tenant's.",
        "dbatch quota show acme",
        "dbatch quota set acme --items 100000 --bytes 1000000000 --tasks 8")
    {
        Add(new QuotaShowCommand());
        Add(new QuotaSetCommand());
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken) =>
        throw new UserException("quota: show or set is needed; see 'dbatch quota --help'");

    /// <summary>The path of a tenant's quota.</summary>
    internal static string PathOf(string tenant) => $"tenants/{Uri.EscapeDataString(tenant)}/quota";

    /// <summary>Shows one.</summary>
    internal static void Show(QuotaView quota, bool asJson, Screen screen)
    {
        if (asJson)
        {
            screen.Data(JobJson.Of(quota, ApiJson.Of<QuotaView>()));
            return;
        }
        var table = new TextTable("what", "has", "may have");
        table.Add("queued items", Text(quota.QueuedItems), Most(quota.Most.QueuedItems));
        table.Add("bytes of files", Text(quota.FileBytes), Most(quota.Most.FileBytes));
        table.Add("running tasks", Text(quota.RunningTasks), Most(quota.Most.RunningTasks));
        screen.Data(table);
    }

    static string Most(long? most) => most is { } number ? Text(number) : "any";

    static string Text(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}

/// <summary><c>dbatch quota show</c>.</summary>
internal sealed class QuotaShowCommand : ServerCommand
{
    readonly Argument<string> _tenant = new("TENANT") { Description = "The tenant's name; default for the default one." };
    readonly Option<string> _output = CommonOptions.Output();

    public QuotaShowCommand() : base("show", "Show what a tenant may have and has.", "dbatch quota show acme",
        "dbatch quota show acme --output json")
    {
        Arguments.Add(_tenant);
        Options.Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string path = QuotaCommand.PathOf(arguments.GetRequiredValue(_tenant));
        QuotaCommand.Show(await client.GetAsync<QuotaView>(path, cancellationToken), arguments.GetValue(_output) == "json", screen);
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch quota set</c>.</summary>
internal sealed class QuotaSetCommand : ServerCommand
{
    readonly Argument<string> _tenant = new("TENANT") { Description = "The tenant's name; default for the default one." };
    readonly Option<long?> _items = Limit("--items", "The most items of its jobs that are queued or being worked on.");
    readonly Option<long?> _bytes = Limit("--bytes", "The most bytes of its files.");
    readonly Option<long?> _tasks = Limit("--tasks", "The most of its tasks that run at once; others wait.");
    readonly Option<string> _output = CommonOptions.Output();

    public QuotaSetCommand() : base("set", "Set what a tenant may have, in place of what was set; what isn't given isn't limited.",
        "dbatch quota set acme --items 100000 --bytes 1000000000 --tasks 8", "dbatch quota set acme")
    {
        Arguments.Add(_tenant);
        foreach (Option option in (Option[])[_items, _bytes, _tasks, _output]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        var body = new QuotaBody
        {
            QueuedItems = arguments.GetValue(_items),
            FileBytes = arguments.GetValue(_bytes),
            RunningTasks = arguments.GetValue(_tasks),
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Of<QuotaBody>());
        string path = QuotaCommand.PathOf(arguments.GetRequiredValue(_tenant));
        QuotaView quota = await client.AskAsync<QuotaView>(HttpMethod.Put, path, json, cancellationToken);
        QuotaCommand.Show(quota, arguments.GetValue(_output) == "json", screen);
        return ExitCodes.Done;
    }

    static Option<long?> Limit(string name, string description) => new(name) { Description = description, HelpName = "N" };
}
