using System.CommandLine;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Commands;

/// <summary>A command that talks to a pipeline's API.</summary>
internal abstract class ServerCommand : DbatchCommand
{
    const string ServerVariable = "DBATCH_SERVER", DefaultServer = "http://127.0.0.1:7071";

    readonly Option<string> _server = new("--server")
    {
        Description = $"The API's URL; its access key, where it asks for one, comes from {ApiClient.KeyVariable}.",
        HelpName = "URL",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } server ? server : DefaultServer,
    };

    protected ServerCommand(string name, string description, params string[] examples) : base(name, description, examples)
    {
        Options.Add(_server);
        _server.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
                result.AddError(
                    $"--server (or {ServerVariable}): expected an http or https URL, found \"{result.GetValueOrDefault<string>()}\".");
        });
    }

    /// <summary>The argument that names a job.</summary>
    protected static Argument<string> Job() => new("JOB") { Description = "A job's id, or a name: the newest job that has it." };

    /// <inheritdoc/>
    protected sealed override async Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        using var client = new ApiClient(
            new Uri(arguments.GetRequiredValue(_server)), Environment.GetEnvironmentVariable(ApiClient.KeyVariable));
        return await RunAsync(arguments, screen, client, cancellationToken);
    }

    /// <summary>Does the work.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken);
}
