using System.CommandLine;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch poison</c>: the tasks that were given up.</summary>
internal sealed class PoisonCommand : DbatchCommand
{
    public PoisonCommand() : base("poison",
        "Show the tasks that failed as often as they may, try them again, or strike them off the list.",
        "dbatch poison list",
        "dbatch poison requeue 3",
        "dbatch poison drop 3")
    {
        Add(new PoisonListCommand());
        Add(new PoisonRequeueCommand());
        Add(new PoisonDropCommand());
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken) =>
        throw new UserException("poison: list, requeue or drop is needed; see 'dbatch poison --help'");
}
