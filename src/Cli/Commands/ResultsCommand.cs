using System.CommandLine;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch results</c>: fetches what a job has written.</summary>
internal sealed class ResultsCommand : ServerCommand
{
    readonly Argument<string> _job = Job();
    readonly Option<string?> _cell = new("--cell")
    {
        Description = "A sample job's cell, such as steps=8; needed for standard output where there are several.",
        HelpName = "CELL",
    };
    readonly Option<string?> _out = new("--out")
    {
        Description = "A folder for the files: all of the job's output, or with --cell that cell's lines. Default: result lines to "
            + "standard output.",
        HelpName = "DIR",
    };

    public ResultsCommand() : base("results",
        "Fetch a job's result lines, in the order of its input, or with --out all files of its output (a checkpoint, results, a report). "
            + "While it runs, what is finished.",
        "dbatch results translate --cell steps=8 > steps8.jsonl",
        "dbatch results score --out reports/",
        "dbatch results nightly --out nightly/")
    {
        Arguments.Add(_job);
        Options.Add(_cell);
        Options.Add(_out);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        JobView job = await client.FindAsync(arguments.GetRequiredValue(_job), cancellationToken);
        string? cell = arguments.GetValue(_cell), folder = arguments.GetValue(_out);
        if (folder is not null && cell is null)
        {
            IReadOnlyList<string> files = await JobFiles.FetchAsync(client, job, folder, cancellationToken);
            foreach (string file in files) screen.Data(Path.GetRelativePath(Environment.CurrentDirectory, file));
            if (files.Count == 0) screen.Note($"dbatch: {job.Name} has written nothing yet");
            return ExitCodes.Done;
        }
        bool complete;
        if (folder is null)
        {
            await using Stream standard = Console.OpenStandardOutput();
            complete = await client.ResultsAsync(job.Id, cell, standard, cancellationToken);
        }
        else
        {
            string file = Path.Combine(folder, cell + ".jsonl");
            Directory.CreateDirectory(folder);
            await using (FileStream to = File.Create(file)) complete = await client.ResultsAsync(job.Id, cell, to, cancellationToken);
            screen.Data(file);
        }
        if (!complete) screen.Note($"dbatch: {job.Name} isn't finished; these are the lines so far");
        return ExitCodes.Done;
    }
}
