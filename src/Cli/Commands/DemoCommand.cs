using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Cli.Corpus;
using DiffusionBatch.Cli.Demo;
using DiffusionBatch.Cli.Local;
using DiffusionBatch.Cli.Running;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch demo</c>: the whole pipeline on real data: Azurite, the API and two workers run one manifest of three jobs.</summary>
internal sealed class DemoCommand : DbatchCommand
{
    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    readonly Option<double?> _minutes = new("--minutes")
    {
        Description = string.Create(
            CultureInfo.InvariantCulture,
            $"Minutes of training on two current cores: it sets the number of steps. Default: {new DemoSettings().Minutes}."),
        HelpName = "N",
    };
    readonly Option<string?> _data = new("--data")
    {
        Description = "Your own pairs: JSONL of {\"id\",\"source\",\"target\"}. Default: German-English messages of this machine's "
            + ".NET SDK.",
        HelpName = "FILE",
    };
    readonly Option<string> _root = new("--root")
    {
        Description = "The folder that takes data, model, results and report.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "demo-output",
    };
    readonly Option<bool> _quick = new("--quick")
    {
        Description = "Few steps on few messages: shows in seconds that everything works, not how well.",
    };

    readonly Option<bool> _fromScratch = new("--from-scratch")
    {
        Description = "Start from new weights in place of the bundled backbone: same shape, same tokenizer, same steps.",
    };

    readonly Option<bool> _inProcess = new("--in-process")
    {
        Description = "Run the manifest in this process on the folder, as 'dbatch run' does: without Azurite, API and workers.",
    };

    public DemoCommand() : base("demo",
        "Adapt the bundled backbone, a small pretrained model, to German-English software messages as a diffusion model, translate "
            + "held-out ones at 1, 2, 4, 8 and 16 steps, and score them.",
        "dbatch demo",
        "dbatch demo --minutes 30 --root /tmp/demo",
        "dbatch demo --quick --in-process",
        "dbatch demo --minutes 1 --from-scratch",
        "dbatch demo --data my-pairs.jsonl")
    {
        foreach (Option option in (Option[])[_minutes, _data, _root, _quick, _fromScratch, _inProcess]) Options.Add(option);
        _minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is <= 0 or > 10000)
                result.AddError("--minutes: expected a number above 0, at most 10000.");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        string given = arguments.GetRequiredValue(_root), root = RealPath.Full(given);
        DemoSettings settings = arguments.GetValue(_quick) ? DemoSettings.Quick : new DemoSettings();
        if (arguments.GetValue(_minutes) is { } minutes) settings = settings with { Minutes = minutes };

        settings = settings with { FromScratch = arguments.GetValue(_fromScratch) };

        IReadOnlyList<MessagePair> pairs;
        if (arguments.GetValue(_data) is { } file)
        {
            pairs = OwnPairs.Read(file, cancellationToken);
            settings = settings with { MaxLength = DemoSettings.MaxLengthOfOwnData };
        }
        else
        {
            pairs = MessagesOfTheSdk(screen, settings, cancellationToken);
        }
        var (train, validation, test) = DemoData.Write(root, pairs, settings);
        BundledBackbone.CopyTo(Path.Combine(root, DemoManifest.Backbone));
        screen.Note(
            $"dbatch: {Figures.Count(train)} pairs to train "
                + $"on, {validation} to validate, {test} held out, in {Path.Combine(given, "data")}");

        string manifest = Path.Combine(given, "demo.json");
        await File.WriteAllTextAsync(manifest, DemoManifest.Create(settings).ToJsonString(s_indented) + "\n", cancellationToken);
        screen.Note($"dbatch: running {manifest} ({Figures.Count(settings.Steps)} training steps)");
        int code = await InProcessAsync(screen, arguments.GetValue(_inProcess), cancellationToken)
            ? await RunHereAsync(screen, manifest, root, cancellationToken)
            : await DemoPipeline.RunAsync(screen, manifest, root, cancellationToken);
        if (code != ExitCodes.Done) return code;

        var report = new DemoReport(root, settings);
        report.Show(screen);
        string[] missing = [.. report.Missing()];
        foreach (string what in missing) screen.Error($"dbatch: missing: {what}");
        screen.Data("");
        screen.Data($"report      {Path.Combine(given, DemoManifest.Report, "report.html")}");
        screen.Data($"manifest    {manifest}  (dbatch run {manifest} --root {given})");
        screen.Data($"time        {Figures.Time(Stopwatch.GetElapsedTime(start))}");
        return missing.Length == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    static async Task<bool> InProcessAsync(Screen screen, bool asked, CancellationToken cancellationToken)
    {
        if (asked || await Azurite.HasNodeAsync(cancellationToken)) return asked;
        screen.Note("dbatch: there is no Node.js for Azurite, the storage emulator: the demo runs in this process (as with --in-process)");
        return true;
    }

    static async Task<int> RunHereAsync(Screen screen, string manifest, string root, CancellationToken cancellationToken)
    {
        JobOutcome outcome = await ManifestRun.RunAsync(screen, manifest, root, cancellationToken);
        OutcomeText.Tell(screen, outcome, "the same command");
        return OutcomeText.ExitCode(outcome, strict: false);
    }

    static IReadOnlyList<MessagePair> MessagesOfTheSdk(Screen screen, DemoSettings settings, CancellationToken cancellationToken)
    {
        DotnetSdk sdk = DotnetSdk.Find();
        screen.Note($"dbatch: extracting German-English messages from the .NET SDK {sdk.Version}");
        return SatelliteCorpus.Extract(sdk, new CorpusOptions("de", "en", MaxWords: settings.MaxWords), cancellationToken);
    }
}
