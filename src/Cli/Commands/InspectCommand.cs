using System.CommandLine;
using DiffusionBatch.Cli.Inspection;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch inspect</c>: what a checkpoint folder holds, and one forward pass of it.</summary>
internal sealed class InspectCommand : DbatchCommand
{
    readonly Argument<string> _folder = new("FOLDER") { Description = "A model folder in the Hugging Face layout." };
    readonly Option<string?> _forward = new("--forward")
    {
        Description = "Run the model on this file's input_ids and attention_mask, both (batch, tokens); a SEDD model also reads sigma "
            + "(batch).",
        HelpName = "IN",
    };
    readonly Option<string?> _out = new("--out")
    {
        Description = "The safetensors file that takes the logits of --forward, or a SEDD model's log_score.",
        HelpName = "OUT",
    };

    public InspectCommand() : base("inspect",
        "Check a model folder and show what it holds; with --forward, run it once.",
        "dbatch inspect demo-output/models/messages",
        "dbatch inspect models/xlm-roberta --forward input.safetensors --out logits.safetensors")
    {
        Arguments.Add(_folder);
        Options.Add(_forward);
        Options.Add(_out);
        Validators.Add(result =>
        {
            if (result.GetValue(_forward) is null != result.GetValue(_out) is null)
                result.AddError("--forward IN and --out OUT belong together.");
        });
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        string folder = arguments.GetRequiredValue(_folder);
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such folder");
        try
        {
            if (arguments.GetValue(_forward) is { } input)
            {
                string output = arguments.GetValue(_out)!;
                if (Directory.Exists(output)) throw new UserException($"--out {output}: expected a file's name, found a folder");
                using Checkpoint checkpoint = Checkpoint.Load(folder, progress: new LoadingNotes(screen));
                foreach (string note in checkpoint.Notes) screen.Note($"dbatch: {note}");
                ForwardPass.Run(checkpoint, input, output);
                screen.Note($"dbatch: {ForwardPass.Output(checkpoint.Model).Replace('_', ' ')}{(checkpoint.Model is Sedd ? "s" : "")} "
                    + $"are in {output}");
            }
            else
            {
                Checkpoint.Check(folder);
                screen.Data(CheckpointText.Of(Checkpoint.Summarise(folder)));
            }
            return Task.FromResult(ExitCodes.Done);
        }
        catch (CheckpointException e)
        {
            foreach (CheckpointProblem problem in e.Problems)
                screen.Error(e.Path == folder ? $"{Path.TrimEndingDirectorySeparator(folder)}/{problem}" : $"{e.Path}: {problem.Sentence}");
            return Task.FromResult(ExitCodes.BadInput);
        }
    }
}
