using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Cli.Corpus;
using DiffusionBatch.Cli.Demo;
using DiffusionBatch.Cli.Running;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch demo</c>: the whole pipeline on real data, by the manifest and the code that <c>run</c> uses.</summary>
internal sealed class DemoCommand : DbatchCommand
{
    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    readonly Option<double?> _minutes = new("--minutes") { Description = string.Create(CultureInfo.InvariantCulture, $"Minutes of training on two current cores: it sets the number of steps. Default: {new DemoSettings().Minutes}."), HelpName = "N" };
    readonly Option<string?> _data = new("--data") { Description = "Your own pairs: JSONL of {\"id\",\"source\",\"target\"}. Default: German-English messages of this machine's .NET SDK.", HelpName = "FILE" };
    readonly Option<string> _root = new("--root") { Description = "The folder that takes data, model, results and report.", HelpName = "DIR", DefaultValueFactory = _ => "demo-output" };
    readonly Option<bool> _quick = new("--quick") { Description = "A tiny model, hardly trained: shows in seconds that everything works, not how well." };

    public DemoCommand() : base("demo",
        "Train a small diffusion model on German-English software messages, translate held-out ones at 1, 2, 4, 8 and 16 steps, and score them.",
        "dbatch demo",
        "dbatch demo --minutes 30 --root /tmp/demo",
        "dbatch demo --data my-pairs.jsonl")
    {
        foreach (Option option in (Option[])[_minutes, _data, _root, _quick]) Options.Add(option);
        _minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is <= 0 or > 10000) result.AddError("--minutes: expected a number above 0, at most 10000.");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        string given = arguments.GetRequiredValue(_root), root = Path.GetFullPath(given);
        DemoSettings settings = arguments.GetValue(_quick) ? DemoSettings.Quick : new DemoSettings();
        if (arguments.GetValue(_minutes) is { } minutes) settings = settings with { Minutes = minutes };

        IReadOnlyList<MessagePair> pairs;
        if (arguments.GetValue(_data) is { } file)
        {
            pairs = OwnPairs.Read(file, cancellationToken);
            settings = settings with { MaxPositions = DemoSettings.MaxPositionsOfOwnData };
        }
        else
        {
            pairs = MessagesOfTheSdk(screen, settings, cancellationToken);
        }
        var (train, validation, test) = DemoData.Write(root, pairs, settings);
        screen.Note($"dbatch: {Figures.Count(train)} pairs to train on, {validation} to validate, {test} held out, in {Path.Combine(given, "data")}");

        string manifest = Path.Combine(given, "demo.json");
        await File.WriteAllTextAsync(manifest, DemoManifest.Create(settings).ToJsonString(s_indented) + "\n", cancellationToken).ConfigureAwait(false);
        screen.Note($"dbatch: running {manifest} ({Figures.Count(settings.Steps)} training steps)");
        JobOutcome outcome = await ManifestRun.RunAsync(screen, manifest, root, cancellationToken).ConfigureAwait(false);
        OutcomeText.Tell(screen, outcome, "the same command");
        int code = OutcomeText.ExitCode(outcome, strict: false);
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

    static IReadOnlyList<MessagePair> MessagesOfTheSdk(Screen screen, DemoSettings settings, CancellationToken cancellationToken)
    {
        DotnetSdk sdk = DotnetSdk.Find();
        screen.Note($"dbatch: extracting German-English messages from the .NET SDK {sdk.Version}");
        return SatelliteCorpus.Extract(sdk, new CorpusOptions("de", "en", MaxWords: settings.MaxWords), cancellationToken);
    }
}
