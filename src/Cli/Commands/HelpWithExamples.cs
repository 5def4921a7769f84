using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DiffusionBatch.Cli.Commands;

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
