using System.CommandLine;
using System.Text.Json;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch schedule add</c>: makes a schedule of a manifest.</summary>
internal sealed class ScheduleAddCommand : ServerCommand
{
    const string Manifest = "/manifest";

    readonly Argument<string> _name = ScheduleCommand.NameOf();
    readonly Argument<string> _manifest = CommonOptions.Manifest();
    readonly Option<string> _cron = new("--cron")
    {
        Description = "When it runs: five fields (minute, hour, day of month, month, day of week), or six with seconds first.",
        HelpName = "CRON",
        Required = true,
    };
    readonly Option<string> _zone = new("--time-zone")
    {
        Description = "The time zone of --cron, by its IANA name.",
        HelpName = "ZONE",
        DefaultValueFactory = _ => "UTC",
    };
    readonly Option<string> _overlap = new("--overlap")
    {
        Description = "What happens to a run whose time comes while an earlier one hasn't ended: it is left out, waits, or takes "
            + "its place.",
        HelpName = "skip|queue|replace",
        DefaultValueFactory = _ => "skip",
    };
    readonly Option<string> _missed = new("--missed")
    {
        Description = "Which of the runs are made up for whose time passed while nothing was there to start them.",
        HelpName = "none|last|all",
        DefaultValueFactory = _ => "none",
    };
    readonly Option<bool> _paused = new("--paused") { Description = "It starts nothing until it is resumed." };
    readonly Option<bool> _replace = new("--replace") { Description = "It takes the place of a schedule of that name." };
    readonly Option<string> _output = CommonOptions.Output();

    public ScheduleAddCommand() : base("add",
        "Make a schedule of a manifest. In its names, inputs and outputs {date} stands for a run's day (2026-11-30), {time} for its time "
            + "of day (184500), both in the schedule's zone, and {run} for its number. Prints the next five times.",
        "dbatch schedule add nightly manifest.json --cron \"0 3 * * *\" --time-zone Europe/Berlin",
        "dbatch schedule add sweep sweep.yaml --cron \"*/30 * * * *\" --overlap queue --missed last --replace")
    {
        _overlap.AcceptOnlyFromAmong("skip", "queue", "replace");
        _missed.AcceptOnlyFromAmong("none", "last", "all");
        Arguments.Add(_name);
        Arguments.Add(_manifest);
        foreach (Option option in (Option[])[_cron, _zone, _overlap, _missed, _paused, _replace, _output]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        ManifestDocument document = ManifestDocument.Read(arguments.GetRequiredValue(_manifest));
        using var manifest = JsonDocument.Parse(document.ToJson());
        var body = new ScheduleBody(name, arguments.GetRequiredValue(_cron), manifest.RootElement)
        {
            TimeZone = arguments.GetValue(_zone),
            Overlap = EnumText.Parse<ScheduleOverlap>(arguments.GetValue(_overlap)),
            Missed = EnumText.Parse<ScheduleMissed>(arguments.GetValue(_missed)),
            Paused = arguments.GetValue(_paused),
        };
        bool replaces = arguments.GetValue(_replace);
        ScheduleView view;
        try
        {
            view = await client.AskAsync<ScheduleView>(
                replaces ? HttpMethod.Put : HttpMethod.Post, replaces ? ScheduleCommand.PathOf(name) : "schedules",
                JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Of<ScheduleBody>()), cancellationToken);
        }
        catch (RemoteException e) when (e.Errors.Count > 0)
        {
            // What is wrong with the manifest is told where it stands in the user's own file.
            throw new ProblemsException([.. e.Errors.Select(error => Placed(document, error))]);
        }
        ScheduleText.Show(screen, view, arguments.GetValue(_output) == "json");
        return ExitCodes.Done;
    }

    static Problem Placed(ManifestDocument document, ApiError error)
    {
        if (error.Pointer is { } pointer && (pointer == Manifest || pointer.StartsWith(Manifest + "/", StringComparison.Ordinal)))
            return document.At(pointer[Manifest.Length..], error.Message);
        string option = error.Pointer switch { "/cron" => "--cron", "/timeZone" => "--time-zone", "/name" => "NAME", _ => error.File };
        return Problem.OfFile(option, error.Message);
    }
}
