using System.CommandLine;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch submit</c>: hands a manifest to a pipeline.</summary>
internal sealed class SubmitCommand : ServerCommand
{
    readonly Argument<string> _manifest = CommonOptions.Manifest();
    readonly Option<bool> _wait = new("--wait") { Description = "Follow the job to its end; the exit code is then that of its end." };
    readonly Option<string?> _upload = new("--upload")
    {
        Description = "Upload the files that the manifest reads, which lie under DIR as under the pipeline's root.",
        HelpName = "DIR",
    };
    readonly Option<string> _priority = new Option<string>("--priority")
    {
        Description = "How urgent its tasks are.",
        HelpName = "high|normal|low",
        DefaultValueFactory = _ => "normal"
    }.AcceptOnlyFromAmong("high", "normal", "low");
    readonly Option<string?> _expires = new("--expires-in")
    {
        Description = "When what isn't finished ends as expired: an ISO 8601 duration such as PT6H.",
        HelpName = "DURATION",
    };
    readonly Option<string?> _key = new("--key")
    {
        Description = "An idempotency key: of all submissions with one key the first counts.",
        HelpName = "KEY",
    };
    readonly Option<bool> _strict = new("--strict") { Description = "With --wait: exit with 1 where a single item has an error." };
    readonly Option<string> _output = CommonOptions.Output();

    public SubmitCommand() : base("submit",
        "Hand a manifest to a pipeline (start one here with 'dbatch up'). Prints the job's id.",
        "dbatch submit jobs/nightly.yaml --upload . --wait",
        "dbatch submit manifest.json --priority low --expires-in PT12H",
        "dbatch submit manifest.json --server https://batch.example.com --key nightly-2026-11-21")
    {
        Arguments.Add(_manifest);
        foreach (Option option in (Option[])[_wait, _upload, _priority, _expires, _key, _strict, _output]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string manifest = arguments.GetRequiredValue(_manifest), file = RealPath.Full(manifest);
        if (!File.Exists(file)) throw new ProblemsException(Problem.OfFile(manifest, "the manifest does not exist"));
        if (arguments.GetValue(_upload) is { } root)
            await ManifestUpload.RunAsync(client, screen, manifest, CommonOptions.ExistingFolder(root, "--upload"), cancellationToken);
        string query = $"?priority={arguments.GetValue(_priority)}"
            + $"{(arguments.GetValue(_expires) is { } expires ? "&expiresIn=" + Uri.EscapeDataString(expires) : "")}";
        JobView job;
        try
        {
            job = await client.SubmitAsync(
                await File.ReadAllBytesAsync(file, cancellationToken), ManifestReader.FormatOf(manifest) == ManifestFormat.Yaml, query,
                arguments.GetValue(_key), cancellationToken);
        }
        catch (RemoteException e) when (e.Errors.Count > 0)
        {
            throw new ProblemsException(
                [.. e.Errors.Select(p => new Problem(p.File == "manifest" ? manifest : p.File, p.Pointer, p.Line, p.Column, p.Message))]);
        }
        screen.Data(arguments.GetValue(_output) == "json" ? JobJson.Of(job, ApiJson.Default.JobView) : job.Id);
        return arguments.GetValue(_wait)
            ? await Following.RunAsync(screen, client, job.Id, arguments.GetValue(_strict), cancellationToken)
            : ExitCodes.Done;
    }
}
