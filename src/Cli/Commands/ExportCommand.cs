using System.CommandLine;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch export</c>: a job's results as one table.</summary>
internal sealed class ExportCommand : ServerCommand
{
    static readonly string[] s_formats = ["parquet", "csv", "jsonl"];

    readonly Argument<string> _job = Job();
    readonly Option<string?> _format = new("--format")
    {
        Description = "The table's form; default: what --out ends in, else jsonl.",
        HelpName = "parquet|csv|jsonl",
    };
    readonly Option<string?> _out = new("--out") { Description = "The file to write; default: standard output.", HelpName = "FILE" };

    public ExportCommand() : base("export",
        "Fetch a job's results as one table, a row an item and cell: job, cell, id, text, score, length, nfe, errorCode, and of an "
            + "evaluate job each item's own scores.",
        "dbatch export translate --format parquet --out results.parquet",
        "dbatch export score --out scores.csv")
    {
        _format.AcceptOnlyFromAmong(s_formats);
        Arguments.Add(_job);
        Options.Add(_format);
        Options.Add(_out);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string? file = arguments.GetValue(_out);
        string format = arguments.GetValue(_format)
            ?? Array.Find(s_formats, f => file is not null && file.EndsWith("." + f, StringComparison.OrdinalIgnoreCase)) ?? "jsonl";
        if (file is null && format == "parquet" && screen.OutIsTerminal)
            throw new UserException("export: Parquet isn't text; name a file with --out");
        JobView job = await client.FindAsync(arguments.GetRequiredValue(_job), cancellationToken);
        bool complete;
        if (file is null)
        {
            await using Stream standard = Console.OpenStandardOutput();
            complete = await client.CopyResultsAsync($"jobs/{job.Id}/export?format={format}", standard, cancellationToken);
        }
        else
        {
            complete = await ToFileAsync(client, $"jobs/{job.Id}/export?format={format}", file, cancellationToken);
            screen.Data(file);
        }
        if (!complete) screen.Note($"dbatch: {job.Name} isn't finished; these are the rows so far");
        return ExitCodes.Done;
    }

    // The file appears whole or not at all.
    static async Task<bool> ToFileAsync(ApiClient client, string path, string file, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(file), part = full + ".part";
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        try
        {
            bool complete;
            await using (FileStream to = File.Create(part)) complete = await client.CopyResultsAsync(path, to, cancellationToken);
            File.Move(part, full, overwrite: true);
            return complete;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
