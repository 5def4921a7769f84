using System.CommandLine;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch poison requeue</c>.</summary>
internal sealed class PoisonRequeueCommand : ServerCommand
{
    readonly Argument<long> _row = new("ROW") { Description = "The row's number, as 'dbatch poison list' shows it." };

    public PoisonRequeueCommand() : base("requeue", "Try a given-up task again, where its error isn't in the results yet.", "dbatch poison requeue 3") => Arguments.Add(_row);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        long row = arguments.GetRequiredValue(_row);
        await client.DoAsync(HttpMethod.Post, $"poison/{row}/requeue", cancellationToken);
        screen.Note($"dbatch: row {row} is queued again");
        return ExitCodes.Done;
    }
}
