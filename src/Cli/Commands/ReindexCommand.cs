using System.CommandLine;
using System.Globalization;
using DiffusionBatch.Cli.Local;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Cli.Testing;
using DiffusionBatch.LocalHost.Processes;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Local;
using DiffusionBatch.Pipeline.Restoring;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch reindex</c>: makes an index again of what the storage keeps.</summary>
internal sealed class ReindexCommand : DbatchCommand
{
    readonly Option<string> _root = new("--root")
    {
        Description = "The root of a pipeline of this machine ('dbatch up'), which must be stopped.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "dbatch-local",
    };
    readonly Option<string?> _storage = new("--storage")
    {
        Description = "A storage account in place of a root: its connection string, or its blobs' address where an identity signs in.",
        HelpName = "ACCOUNT",
    };
    readonly Option<string> _container = new("--container")
    {
        Description = "The container in the storage account.",
        HelpName = "NAME",
        DefaultValueFactory = _ => new PipelineConnection().Container,
    };
    readonly Option<string?> _index = new("--index")
    {
        Description = "The index: a PostgreSQL connection string (\"Host=...;Database=...\") or a SQLite file. Default: dbatch.db in "
            + "the root.",
        HelpName = "INDEX",
    };

    public ReindexCommand() : base("reindex",
        "Enter what an index lost from what the storage keeps of it: the jobs that have ended, with their parts, scores and items; "
            + "schedules, webhooks, keys (as hashes: they open what they opened), and files and batches of the OpenAI-shaped door.",
        "dbatch reindex --root dbatch-local",
        "dbatch reindex --storage https://NAME.blob.core.windows.net --index \"Host=...;Database=dbatch\"")
    {
        foreach (Option option in (Option[])[_root, _storage, _container, _index]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(_storage) is { } storage)
        {
            string index = arguments.GetValue(_index) ?? throw new UserException("reindex: --storage needs --index");
            await RestoreAsync(screen, storage, arguments.GetRequiredValue(_container), index, cancellationToken);
            return ExitCodes.Done;
        }
        string root = CommonOptions.ExistingFolder(arguments.GetRequiredValue(_root), "--root"), azurite = Path.Combine(root, "azurite");
        if (!Directory.Exists(azurite))
            throw new UserException($"--root {root}: no pipeline has run here; what 'dbatch run' left in a folder is indexed by running "
                + $"the manifest again");
        using RootLock taken = RootLock.Take(root, TimeProvider.System);
        string repository = Repository.Find();
        await Azurite.InstallAsync(repository, line => screen.Note($"dbatch: {line}"), cancellationToken);
        (ChildProcess process, string connection) = await Azurite.StartAsync(repository, azurite, screen.Note, cancellationToken);
        await using (process)
            await RestoreAsync(screen, connection, arguments.GetRequiredValue(_container), arguments.GetValue(_index)
                ?? Path.Combine(root, "dbatch.db"), cancellationToken);
        return ExitCodes.Done;
    }

    static void Tell(Screen screen, string what, int entered, int there) =>
        screen.Note(string.Create(CultureInfo.InvariantCulture, $"dbatch: {entered} {what} entered, {there} were there"));

    static async Task RestoreAsync(Screen screen, string storage, string container, string index, CancellationToken cancellationToken)
    {
        ServiceProvider services = new ServiceCollection().AddLogging()
            .AddDiffusionBatchPipeline(c => (c.Storage, c.Container, c.Index) = (storage, container, index)).BuildServiceProvider();
        await using (services)
        {
            (int entered, int there) = await services.GetRequiredService<IndexBackup>().RestoreAsync(cancellationToken);
            Tell(screen, "jobs", entered, there);
            foreach (RestoreCount count in await services.GetRequiredService<RecordBackup>().RestoreAsync(cancellationToken))
            {
                Tell(screen, count.Kind.ToString().ToLowerInvariant(), count.Entered, count.There);
                foreach (string left in count.Left)
                    screen.Note(count.Kind == RecordKind.Webhooks
                        ? $"dbatch: {left} is left out: its secret is gone from the storage; make the webhook anew"
                        : $"dbatch: {left} is left out: its content is gone from the storage");
                if (count is { Kind: RecordKind.Keys, Entered: > 0 })
                    screen.Note("dbatch: a key that was revoked within 20 s of the index's loss opens again; look 'dbatch key list' over");
            }
        }
    }
}
