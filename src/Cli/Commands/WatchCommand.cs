using System.CommandLine;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch watch</c>: follows a job to its end.</summary>
internal sealed class WatchCommand : ServerCommand
{
    readonly Argument<string> _job = Job();
    readonly Option<bool> _strict = new("--strict") { Description = "Exit with 1 where a single item has an error." };

    public WatchCommand() : base("watch",
        "Follow a job's live progress to its end; the exit code is that of its end. Ctrl-C stops looking, not the job.",
        "dbatch watch nightly",
        "dbatch watch job_0199a0b1c2d3e4f5 --strict")
    {
        Arguments.Add(_job);
        Options.Add(_strict);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        JobView job = await client.FindAsync(arguments.GetRequiredValue(_job), cancellationToken);
        return await Following.RunAsync(screen, client, job.Id, arguments.GetValue(_strict), cancellationToken);
    }
}
