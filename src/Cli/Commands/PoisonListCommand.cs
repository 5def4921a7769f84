using System.CommandLine;
using System.Globalization;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch poison list</c>.</summary>
internal sealed class PoisonListCommand : ServerCommand
{
    readonly Option<string?> _job = new("--job") { Description = "Of this job only: its id, or its name.", HelpName = "JOB" };
    readonly Option<string> _output = CommonOptions.Output();

    public PoisonListCommand() : base("list", "Show the given-up tasks with their reasons.", "dbatch poison list", "dbatch poison list --job nightly --output json")
    {
        Options.Add(_job);
        Options.Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, ApiClient client, CancellationToken cancellationToken)
    {
        string? job = arguments.GetValue(_job) is { } name ? (await client.FindAsync(name, cancellationToken)).Id : null;
        PoisonListView list = await client.PoisonAsync(job, cancellationToken);
        if (arguments.GetValue(_output) == "json")
        {
            screen.Data(JobJson.Of(list, ApiJson.Default.PoisonListView));
            return ExitCodes.Done;
        }
        var table = new TextTable("row", "job", "item", "tries", "state", "reason");
        foreach (PoisonView row in list.Rows)
        {
            string item = row.ItemId ?? (row.ItemCount > 0 ? string.Create(CultureInfo.InvariantCulture, $"{row.FirstItem + 1} to {row.FirstItem + row.ItemCount}") : "");
            table.Add($"{row.Id}", row.Job, item, $"{row.Attempts}", EnumText.Of(row.State), row.Reason);
        }
        if (list.Rows.Count > 0) screen.Data(table);
        else screen.Note("dbatch: the poison list is empty");
        return ExitCodes.Done;
    }
}
