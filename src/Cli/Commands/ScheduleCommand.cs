using System.CommandLine;
using System.Globalization;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch schedule</c>: manifests that run again and again.</summary>
internal sealed class ScheduleCommand : DbatchCommand
{
    public ScheduleCommand() : base("schedule",
        "Run a manifest again and again: make schedules, look at them, pause, resume and remove them.",
        "dbatch schedule add nightly manifest.json --cron \"0 3 * * *\" --time-zone Europe/Berlin",
        "dbatch schedule list",
        "dbatch schedule run nightly")
    {
        Add(new ScheduleAddCommand());
        Add(new ScheduleListCommand());
        Add(new ScheduleShowCommand());
        Add(new SchedulePauseCommand());
        Add(new ScheduleResumeCommand());
        Add(new ScheduleRunCommand());
        Add(new ScheduleRemoveCommand());
        Add(new ScheduleNextCommand());
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken) =>
        throw new UserException("schedule: add, list, show, pause, resume, run, remove or next is needed; see 'dbatch schedule --help'");

    /// <summary>The argument that names a schedule.</summary>
    public static Argument<string> NameOf() => new("NAME") { Description = "The schedule's name." };

    /// <summary>A schedule's path under the API.</summary>
    public static string PathOf(string name, string verb = "") => $"schedules/{Uri.EscapeDataString(name)}{verb}";
}

/// <summary><c>dbatch schedule list</c>.</summary>
internal sealed class ScheduleListCommand : ServerCommand
{
    readonly Option<string> _output = CommonOptions.Output();

    public ScheduleListCommand()
        : base("list", "Show all schedules with their next times.", "dbatch schedule list", "dbatch schedule list --output json") =>
        Options.Add(_output);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        ScheduleListView list = await client.GetAsync<ScheduleListView>("schedules", cancellationToken);
        if (arguments.GetValue(_output) == "json")
        {
            screen.Data(JobJson.Of(list, ApiJson.Of<ScheduleListView>()));
            return ExitCodes.Done;
        }
        var table = new TextTable("schedule", "cron", "zone", "state", "runs", "next");
        foreach (ScheduleView one in list.Schedules)
            table.Add(
                one.Name, one.Cron, one.TimeZone, one.Paused ? "paused" : "active", $"{one.Runs}",
                one.Paused || one.Next.Count == 0 ? "" : ScheduleText.Time(one.Next[0]));
        if (list.Schedules.Count > 0) screen.Data(table);
        else screen.Note("dbatch: there are no schedules; 'dbatch schedule add' makes one");
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch schedule show</c>.</summary>
internal sealed class ScheduleShowCommand : ServerCommand
{
    readonly Argument<string> _name = ScheduleCommand.NameOf();
    readonly Option<string> _output = CommonOptions.Output();

    public ScheduleShowCommand() : base("show", "Show a schedule: when it runs, and what became of its latest times.",
        "dbatch schedule show nightly", "dbatch schedule show nightly --output json")
    {
        Arguments.Add(_name);
        Options.Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        var view = await client.GetAsync<ScheduleView>(ScheduleCommand.PathOf(arguments.GetRequiredValue(_name)), cancellationToken);
        ScheduleText.Show(screen, view, arguments.GetValue(_output) == "json");
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch schedule next</c>.</summary>
internal sealed class ScheduleNextCommand : ServerCommand
{
    readonly Argument<string> _name = ScheduleCommand.NameOf();
    readonly Option<int> _count = new("--count") { Description = "How many times.", HelpName = "N", DefaultValueFactory = _ => 5 };

    public ScheduleNextCommand()
        : base("next", "Show a schedule's next times, UTC, a line each.", "dbatch schedule next nightly --count 10")
    {
        Arguments.Add(_name);
        Options.Add(_count);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string path = ScheduleCommand.PathOf(
            arguments.GetRequiredValue(_name), string.Create(CultureInfo.InvariantCulture, $"/next?count={arguments.GetValue(_count)}"));
        foreach (DateTimeOffset time in (await client.GetAsync<ScheduleTimesView>(path, cancellationToken)).Next)
            screen.Data(ScheduleText.Time(time));
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch schedule run</c>.</summary>
internal sealed class ScheduleRunCommand : ServerCommand
{
    readonly Argument<string> _name = ScheduleCommand.NameOf();
    readonly Option<bool> _wait = new("--wait") { Description = "Follow the job to its end; the exit code is then that of its end." };

    public ScheduleRunCommand()
        : base("run", "Start a run of a schedule now, whatever else runs. Prints the job's id.", "dbatch schedule run nightly --wait")
    {
        Arguments.Add(_name);
        Options.Add(_wait);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        JobView job = await client.AskAsync<JobView>(
            HttpMethod.Post, ScheduleCommand.PathOf(arguments.GetRequiredValue(_name), "/run"), null, cancellationToken);
        screen.Data(job.Id);
        return arguments.GetValue(_wait)
            ? await Following.RunAsync(screen, client, job.Id, strict: false, cancellationToken)
            : ExitCodes.Done;
    }
}

/// <summary><c>dbatch schedule pause</c>.</summary>
internal sealed class SchedulePauseCommand : ServerCommand
{
    readonly Argument<string> _name = ScheduleCommand.NameOf();

    public SchedulePauseCommand() : base("pause", "Let a schedule start nothing until it is resumed.", "dbatch schedule pause nightly") =>
        Arguments.Add(_name);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        await client.AskAsync<ScheduleView>(HttpMethod.Post, ScheduleCommand.PathOf(name, "/pause"), null, cancellationToken);
        screen.Note($"dbatch: {name} is paused");
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch schedule resume</c>.</summary>
internal sealed class ScheduleResumeCommand : ServerCommand
{
    readonly Argument<string> _name = ScheduleCommand.NameOf();

    public ScheduleResumeCommand()
        : base("resume", "Let a paused schedule go on; times that passed meanwhile have no runs.", "dbatch schedule resume nightly") =>
        Arguments.Add(_name);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        ScheduleView view = await client.AskAsync<ScheduleView>(HttpMethod.Post, ScheduleCommand.PathOf(name, "/resume"), null,
            cancellationToken);
        screen.Note($"dbatch: {name} goes on{(view.Next.Count > 0 ? " at " + ScheduleText.Time(view.Next[0]) : "")}");
        return ExitCodes.Done;
    }
}

/// <summary><c>dbatch schedule remove</c>.</summary>
internal sealed class ScheduleRemoveCommand : ServerCommand
{
    readonly Argument<string> _name = ScheduleCommand.NameOf();

    public ScheduleRemoveCommand() : base("remove", "Remove a schedule; its jobs stay and go on.", "dbatch schedule remove nightly") =>
        Arguments.Add(_name);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        await client.DoAsync(HttpMethod.Delete, ScheduleCommand.PathOf(name), cancellationToken);
        screen.Note($"dbatch: {name} is removed");
        return ExitCodes.Done;
    }
}
