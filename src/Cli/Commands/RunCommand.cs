using System.CommandLine;
using DiffusionBatch.Cli.Running;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch run</c>: executes a manifest in this process on a folder.</summary>
internal sealed class RunCommand : DbatchCommand
{
    readonly Argument<string> _manifest = CommonOptions.Manifest();
    readonly Option<string> _root = CommonOptions.Root();
    readonly Option<bool> _strict = new("--strict") { Description = "Exit with 1 where a single item has an error." };
    readonly Option<string> _output = CommonOptions.Output();

    public RunCommand() : base("run",
        "Run a manifest (finetune, sample, evaluate or a pipeline of them) on a folder. Run again, it resumes what was interrupted and "
            + "redoes nothing that is finished and unchanged.",
        "dbatch run manifest.json",
        "dbatch run jobs/nightly.yaml --root /data/translation --strict",
        "dbatch run manifest.json --output json > outcome.json")
    {
        Arguments.Add(_manifest);
        foreach (Option option in (Option[])[_root, _strict, _output]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        string manifest = arguments.GetRequiredValue(_manifest), given = arguments.GetRequiredValue(_root),
            root = CommonOptions.ExistingRoot(given);
        JobOutcome outcome = await ManifestRun.RunAsync(screen, manifest, root, cancellationToken);
        OutcomeText.Tell(screen, outcome, given == "." ? $"dbatch run {manifest}" : $"dbatch run {manifest} --root {given}");
        int code = OutcomeText.ExitCode(outcome, arguments.GetValue(_strict));
        if (arguments.GetValue(_output) == "json")
        {
            screen.Data(OutcomeJson.Of(manifest, outcome, code));
            return code;
        }
        if (outcome.Jobs.Count > 0) screen.Data(OutcomeText.Jobs(outcome));
        foreach (JobSummary job in outcome.Jobs.Where(j => j.Kind == "evaluate" && j.State.IsFinished()))
            if (ReportTable.Read(Path.Combine(root, job.Output), job.Name) is { } table) screen.Data(table);
        return code;
    }
}
