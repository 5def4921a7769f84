using System.CommandLine;
using System.Globalization;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch untrim</c>: gives a model with a trimmed vocabulary all its tokens again.</summary>
internal sealed class UntrimCommand : DbatchCommand
{
    readonly Argument<string> _folder = new("FOLDER") { Description = "A model folder whose vocabulary was trimmed." };
    readonly Option<string> _original = new("--original")
    {
        Description = "The model folder that it was made from.",
        HelpName = "FOLDER",
        Required = true,
    };
    readonly Option<string> _out = new("--out") { Description = "The folder to make.", HelpName = "FOLDER", Required = true };

    public UntrimCommand() : base("untrim",
        "Undo the trimming of a model's vocabulary: what was trained stays, dropped tokens come back.",
        "dbatch untrim models/de-en --original models/xlm-roberta-base --out models/de-en-whole")
    {
        Arguments.Add(_folder);
        Options.Add(_original);
        Options.Add(_out);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        string output = arguments.GetRequiredValue(_out);
        if (File.Exists(Path.Combine(output, ModelConfig.FileName))) throw new UserException($"{output}: there is a model in it already");
        try
        {
            var (before, after) = VocabularyRestorer.Run(
                arguments.GetRequiredValue(_folder), arguments.GetRequiredValue(_original), output);
            screen.Note(
                string.Create(CultureInfo.InvariantCulture,
                    $"dbatch: {output} has {after:N0} tokens again, {before:N0} of them as they were trained"));
            return Task.FromResult(ExitCodes.Done);
        }
        catch (CheckpointException e)
        {
            foreach (CheckpointProblem problem in e.Problems) screen.Error($"{e.Path}: {problem}");
            return Task.FromResult(ExitCodes.BadInput);
        }
        catch (ArgumentException e) when (e.ParamName is "trimmed" or "original")
        {
            throw new UserException(e.Message[..e.Message.LastIndexOf(" (Parameter", StringComparison.Ordinal)]);
        }
    }
}
