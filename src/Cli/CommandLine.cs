using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using DiffusionBatch.Cli.Commands;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli;

/// <summary>The command line of <c>dbatch</c>: parses, runs one command, and gives its exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs <c>dbatch</c> with these arguments.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        RootCommand root = Create();
        ParseResult result = root.Parse(args);
        if (result.Action is ParseErrorAction)
        {
            foreach (var error in result.Errors) Screen.Current.Error($"dbatch: {error.Message}");
            Screen.Current.Note($"dbatch: see '{UsageOf(result)} --help'");
            return ExitCodes.BadInput;
        }
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return await result.InvokeAsync(configuration);
    }

    /// <summary>The tree of commands.</summary>
    internal static RootCommand Create()
    {
        var root = new RootCommand("Batch generation with diffusion language models: finetune, sample at many step counts, score.")
        {
            new RunCommand(), new ValidateCommand(), new CorpusCommand(), new DemoCommand(), new TestCommand(),
            new InspectCommand(), new TokenizeCommand(), new UntrimCommand(), new UpCommand(), new SubmitCommand(), new StatusCommand(),
            new WatchCommand(), new CancelCommand(), new ResultsCommand(), new ExportCommand(), new PoisonCommand(),
            new ScheduleCommand(), new WebhookCommand(), new KeyCommand(), new QuotaCommand(), new ReindexCommand(),
        };
        foreach (Option option in root.Options)
        {
            if (option is not HelpOption help) continue;
            help.Description = "Show help and examples.";
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }
        root.SetAction(result =>
        {
            Screen.Current.Error("dbatch: no command is given");
            Screen.Current.Note("dbatch: see 'dbatch --help'; 'dbatch demo' shows all of it on real data");
            return ExitCodes.BadInput;
        });
        return root;
    }

    static string UsageOf(ParseResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result.CommandResult; at is CommandResult command; at = at.Parent)
            names.Insert(0, command.Command is RootCommand ? "dbatch" : command.Command.Name);
        return string.Join(' ', names);
    }
}
