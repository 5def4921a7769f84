using System.CommandLine;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch poison drop</c>.</summary>
internal sealed class PoisonDropCommand : ServerCommand
{
    readonly Argument<long> _row = new("ROW") { Description = "The row's number, as 'dbatch poison list' shows it." };

    public PoisonDropCommand() : base("drop", "Strike a given-up task off the list.", "dbatch poison drop 3") => Arguments.Add(_row);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        long row = arguments.GetRequiredValue(_row);
        await client.DoAsync(HttpMethod.Delete, $"poison/{row}", cancellationToken);
        screen.Note($"dbatch: row {row} is off the list");
        return ExitCodes.Done;
    }
}
