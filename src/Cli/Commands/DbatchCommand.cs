using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
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

/// <summary>The usual help, and the command's examples after it.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        IReadOnlyList<string> examples = parseResult.CommandResult.Command is DbatchCommand command
            ? command.Examples
            : ["dbatch demo                          # train, sample and score a model on this machine's own messages",
               "dbatch run manifest.json             # run a manifest, or go on where it was stopped"];
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples) output.WriteLine("  " + example);
        output.WriteLine();
        return ExitCodes.Done;
    }
}
