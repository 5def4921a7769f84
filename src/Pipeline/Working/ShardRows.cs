using System.Text.Json;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// What the index is told of a shard whose files are finished, read back from them: whoever made them, and when, the rows are the same.
/// </summary>
/// <param name="layout">Where the files lie on this machine.</param>
/// <param name="task">Its task.</param>
/// <param name="output">The job's output folder, relative to the root.</param>
/// <param name="seconds">Each item's computing time in a cell; empty where it isn't known.</param>
internal sealed class ShardRows(ResultLayout layout, TaskRow task, string output, Func<int, IReadOnlyList<double>> seconds)
{
    /// <summary>The most results of a job that the index lists one by one.</summary>
    public const long MostItemRows = 100_000;

    readonly PartScan[] _scans = [.. layout.Cells.Select((_, cell) => PartScan.Read(layout.PartFile(cell, 0))
        ?? throw new IOException($"{output}/{layout.PartName(cell, 0)} is there and holds no results: something else wrote it."))];

    int Part => task.Part ?? 0;

    /// <summary>The commit.</summary>
    /// <param name="cost">What the shard cost.</param>
    /// <param name="listed">Whether its results are listed one by one.</param>
    public TaskCommit Commit(TaskCost cost, bool listed)
    {
        SortedDictionary<string, long> errors = Errors();
        // Half of a task that was split leaves its files and items to the whole.
        bool isHalf = task.Parent is not null;
        int[] cells = [.. Enumerable.Range(0, layout.Cells.Count)];
        return new TaskCommit
        {
            Succeeded = task.ItemCount - errors.Values.Sum(),
            Errored = errors.Values.Sum(),
            Errors = errors,
            Cost = cost.ToJson(),
            Artifacts = isHalf ? [] : [.. cells.SelectMany(cell => Artifacts(cell, cost.Cells[cell]))],
            Items = isHalf || !listed ? [] : [.. cells.SelectMany(Items)],
        };
    }

    // The items with errors by the code of their first one, in the order of the cells.
    SortedDictionary<string, long> Errors()
    {
        var codes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var seen = new HashSet<int>();
        foreach ((int line, string code) in _scans.SelectMany(scan => scan.Errors))
            if (seen.Add(line)) codes[code] = codes.GetValueOrDefault(code) + 1;
        return codes;
    }

    IEnumerable<ArtifactRow> Artifacts(int cell, CellTaskCost cost)
    {
        PartScan scan = _scans[cell];
        yield return new ArtifactRow($"{output}/{layout.PartName(cell, Part)}", ArtifactKind.Part)
        {
            Cell = layout.Cells[cell],
            Part = task.Part,
            Bytes = new FileInfo(layout.PartFile(cell, 0)).Length,
            Lines = scan.Lines,
            Errored = scan.Errors.Count,
            Nfe = scan.Nfe,
            Tokens = scan.Tokens,
            Seconds = cost.Took?.Seconds ?? 0,
            Flops = cost.Took?.Flops,
        };
        foreach (BesideFile file in layout.Files[cell])
        {
            string path = layout.PathBeside(cell, 0, file);
            yield return new ArtifactRow($"{output}/{layout.NameBeside(cell, Part, file)}",
                file == BesideFile.Trace ? ArtifactKind.Trace : ArtifactKind.Verify)
            {
                Cell = layout.Cells[cell],
                Part = task.Part,
                Bytes = new FileInfo(path).Length,
                Lines = File.ReadLines(path).LongCount(),
            };
        }
    }

    IEnumerable<ItemRow> Items(int cell)
    {
        IReadOnlyList<double> took = seconds(cell);
        int number = 0;
        foreach (string text in File.ReadLines(layout.PartFile(cell, 0)))
        {
            using JsonDocument json = JsonDocument.Parse(text);
            JsonElement line = json.RootElement;
            var row = new ItemRow(layout.Cells[cell], task.FirstItem + number, line.GetProperty("id").GetString()!, Part);
            yield return line.TryGetProperty("error", out JsonElement error)
                ? row with { ErrorCode = error.GetProperty("code").GetString() }
                : row with
                {
                    Length = line.GetProperty("length").GetInt64(),
                    Nfe = line.GetProperty("nfe").GetInt64(),
                    Score = line.GetProperty("score") is { ValueKind: JsonValueKind.Number } score ? score.GetDouble() : null,
                    Seconds = number < took.Count ? took[number] : null,
                };
            number++;
        }
    }
}
