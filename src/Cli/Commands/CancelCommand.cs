using System.CommandLine;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch cancel</c>: stops a job.</summary>
internal sealed class CancelCommand : ServerCommand
{
    readonly Argument<string> _job = Job();

    public CancelCommand() : base("cancel",
        "Stop a job, or a pipeline with its jobs. What is finished of it stays.",
        "dbatch cancel nightly") =>
        Arguments.Add(_job);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        JobView job = await client.FindAsync(arguments.GetRequiredValue(_job), cancellationToken);
        job = await client.CancelAsync(job.Id, cancellationToken);
        screen.Note($"dbatch: {job.Id} ({job.Name}) is {job.State.Name()}");
        return ExitCodes.Done;
    }
}
