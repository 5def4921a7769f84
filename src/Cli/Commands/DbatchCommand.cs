using System.CommandLine;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Commands;

/// <summary>A command of <c>dbatch</c> with examples for its help; errors and signals are handled for all alike.</summary>
internal abstract class DbatchCommand : Command
{
    protected DbatchCommand(string name, string description, params string[] examples) : base(name, description)
    {
        Examples = examples;
        SetAction((result, _) => ErrorBoundary.RunAsync(Screen.Current, token => RunAsync(result, Screen.Current, token)));
    }

    /// <summary>Command lines with a comment each, as the help shows them.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Does the work.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken);
}
