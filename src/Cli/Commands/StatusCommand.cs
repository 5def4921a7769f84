using System.CommandLine;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch status</c>: the newest jobs, or one of them.</summary>
internal sealed class StatusCommand : ServerCommand
{
    readonly Argument<string?> _job = new("JOB")
    {
        Description = "A job's id, or a name: the newest job that has it. Default: all jobs, the newest first.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    readonly Option<string?> _state = new("--state")
    {
        Description = "Without JOB: only jobs in one of these states, separated by commas.",
        HelpName = "STATES",
    };
    readonly Option<int> _limit = new("--limit")
    {
        Description = "Without JOB: the most jobs, 1 to 500.",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };
    readonly Option<string> _output = CommonOptions.Output();

    public StatusCommand() : base("status",
        "Show a pipeline's newest jobs, or all about one.",
        "dbatch status",
        "dbatch status nightly",
        "dbatch status --state running,queued --output json")
    {
        Arguments.Add(_job);
        foreach (Option option in (Option[])[_state, _limit, _output]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        bool json = arguments.GetValue(_output) == "json";
        if (arguments.GetValue(_job) is { } name)
        {
            JobView job = await client.FindAsync(name, cancellationToken);
            if (json)
            {
                screen.Data(JobJson.Of(job, ApiJson.Default.JobView));
                return ExitCodes.Done;
            }
            foreach (string line in JobText.Lines(job)) screen.Data(line);
            if (job.Jobs is { } jobs) screen.Data(JobText.Table(jobs));
            JobText.Tell(screen, job);
            return ExitCodes.Done;
        }
        string query = $"?limit={arguments.GetValue(_limit)}"
            + $"{(arguments.GetValue(_state) is { } states ? "&state=" + Uri.EscapeDataString(states) : "")}";
        JobListView list = await client.ListAsync(query, cancellationToken);
        if (json) screen.Data(JobJson.Of(list, ApiJson.Default.JobListView));
        else if (list.Jobs.Count > 0) screen.Data(JobText.Table(list.Jobs));
        else screen.Note("dbatch: there are no such jobs; 'dbatch submit MANIFEST' hands one in");
        return ExitCodes.Done;
    }
}
