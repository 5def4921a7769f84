using System.CommandLine;
using System.Text.Json;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch key</c>: who may use a pipeline.</summary>
internal sealed class KeyCommand : DbatchCommand
{
    public KeyCommand() : base("key",
        "Make, list and revoke keys of a pipeline's tenants. Needs a key of the role admin in DBATCH_KEY.",
        "dbatch key add ci --role submit --tenant acme",
        "dbatch key list",
        "dbatch key remove key_01993b...")
    {
        Add(new KeyAddCommand());
        Add(new KeyListCommand());
        Add(new KeyRemoveCommand());
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken) =>
        throw new UserException("key: add, list or remove is needed; see 'dbatch key --help'");
}

/// <summary><c>dbatch key add</c>.</summary>
internal sealed class KeyAddCommand : ServerCommand
{
    readonly Argument<string> _name = new("NAME") { Description = "The key's name, unique in the tenant." };
    readonly Option<string> _role = new Option<string>("--role")
    {
        Description = "What it lets its holder do.",
        HelpName = "read|submit|admin",
        DefaultValueFactory = _ => EnumText.Of(KeyRole.Submit)
    }
        .AcceptOnlyFromAmong([.. Enum.GetValues<KeyRole>().Select(EnumText.Of)]);
    readonly Option<string?> _tenant = new("--tenant")
    {
        Description =
        "Whose it is; your own tenant by default. Only an admin of the default tenant names another.",
        HelpName = "NAME"
    };
    readonly Option<string> _output = CommonOptions.Output();

    public KeyAddCommand() : base("add", "Make a key. It is printed this once: no one can show it again.",
        "dbatch key add ci --role submit --tenant acme", "export DBATCH_KEY=$(dbatch key add me --role admin --tenant acme)")
    {
        Arguments.Add(_name);
        foreach (Option option in (Option[])[_role, _tenant, _output]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        var body = new KeyBody(arguments.GetRequiredValue(_name))
        {
            Role = Enum.GetValues<KeyRole>().First(r => EnumText.Of(r) == arguments.GetValue(_role)),
            Tenant = arguments.GetValue(_tenant),
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Of<KeyBody>());
        KeyView key = await client.AskAsync<KeyView>(HttpMethod.Post, "keys", json, cancellationToken);
        if (arguments.GetValue(_output) == "json") screen.Data(JobJson.Of(key, ApiJson.Of<KeyView>()));
        else screen.Data(key.Secret!);
        screen.Note($"dbatch: the key {key.Name} ({EnumText.Of(key.Role)}) of the tenant {key.Tenant} is {key.Id}; it isn't shown again");
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch key list</c>.</summary>
internal sealed class KeyListCommand : ServerCommand
{
    readonly Option<string> _output = CommonOptions.Output();

    public KeyListCommand() : base("list", "Show your tenant's keys; to an admin of the default tenant those of all.", "dbatch key list",
        "dbatch key list --output json") =>
        Options.Add(_output);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        KeyListView list = await client.GetAsync<KeyListView>("keys", cancellationToken);
        if (arguments.GetValue(_output) == "json")
        {
            screen.Data(JobJson.Of(list, ApiJson.Of<KeyListView>()));
            return ExitCodes.Done;
        }
        var table = new TextTable("key", "tenant", "name", "role", "made");
        foreach (KeyView key in list.Keys) table.Add(key.Id, key.Tenant, key.Name, EnumText.Of(key.Role), ScheduleText.Time(key.CreatedAt));
        if (list.Keys.Count > 0) screen.Data(table);
        else screen.Note("dbatch: there are no keys; 'dbatch key add' makes one");
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch key remove</c>.</summary>
internal sealed class KeyRemoveCommand : ServerCommand
{
    readonly Argument<string> _id = new("ID") { Description = "The key's id, as 'dbatch key list' shows it." };

    public KeyRemoveCommand() : base("remove", "Revoke a key: it opens nothing from then on.", "dbatch key remove key_01993b...") =>
        Arguments.Add(_id);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string id = arguments.GetRequiredValue(_id);
        await client.DoAsync(HttpMethod.Delete, $"keys/{Uri.EscapeDataString(id)}", cancellationToken);
        screen.Note($"dbatch: {id} is revoked");
        return ExitCodes.Done;
    }
}
