using System.CommandLine;
using DiffusionBatch.Cli.Running;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch validate</c>: everything that is wrong with a manifest, its inputs and its models.</summary>
internal sealed class ValidateCommand : DbatchCommand
{
    readonly Argument<string> _manifest = CommonOptions.Manifest();
    readonly Option<string> _root = CommonOptions.Root();
    readonly Option<string> _output = CommonOptions.Output();

    public ValidateCommand() : base("validate",
        "Check a manifest with its input files and models and show what it would run. Writes nothing; every problem is listed.",
        "dbatch validate manifest.json",
        "dbatch validate jobs/nightly.yaml --root /data/translation --output json")
    {
        Arguments.Add(_manifest);
        Options.Add(_root);
        Options.Add(_output);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        string path = arguments.GetRequiredValue(_manifest), root = CommonOptions.ExistingRoot(arguments.GetRequiredValue(_root));
        var (manifest, problems) = ManifestRun.Check(path, root, cancellationToken);
        IReadOnlyList<JobNode> nodes = manifest is null ? [] : JobGraph.Of(manifest).Nodes;
        foreach (Problem problem in problems) screen.Error(problem.ToString());
        if (arguments.GetValue(_output) == "json")
        {
            screen.Data(OutcomeJson.Of(path, [.. nodes.Select(n => (n.Job.Name, EnumText.Of(n.Job.Kind), n.Job.Output))], problems));
        }
        else if (problems.Count == 0)
        {
            var table = new TextTable("job", "kind", "after", "cells", "output") { Title = $"{path} is valid" };
            foreach (JobNode node in nodes)
            {
                string cells = node.Job is SampleManifest sample ? Figures.Count(sample.Cells().Count) : "";
                table.Add(node.Job.Name, EnumText.Of(node.Job.Kind), string.Join(", ", node.DependsOn), cells, node.Job.Output);
            }
            screen.Data(table);
        }
        return Task.FromResult(problems.Count == 0 ? ExitCodes.Done : ExitCodes.BadInput);
    }
}
