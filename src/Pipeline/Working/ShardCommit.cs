using System.Diagnostics;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// Puts a shard's finished files in place: what it cost, then each cell's trace and part, each written once under a name
/// that only this shard has. A part that is there was written by this very task; it is read back, and counts.
/// </summary>
internal sealed class ShardCommit(IBlobStore store, ResumeFiles resume, IJobTasks tasks)
{
    /// <summary>The most results of a job that the index lists one by one.</summary>
    public const long MostItemRows = 100_000;

    /// <summary>Uploads a shard's files.</summary>
    /// <returns>What the index is to be told.</returns>
    public async Task<TaskCommit> UploadAsync(ShardTask shard, CancellationToken cancellationToken)
    {
        TaskCost cost = CostOf(shard);
        await store.WriteAsync(ShardNames.Cost(shard.Task), Encoding.UTF8.GetBytes(cost.ToJson()), BlobCondition.None, cancellationToken).ConfigureAwait(false);
        await UploadAsync(shard, 0, cancellationToken).ConfigureAwait(false);
        var several = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForAsync(1, shard.Context.Cells.Count, several, async (cell, token) => await UploadAsync(shard, cell, token).ConfigureAwait(false)).ConfigureAwait(false);
        ResultTally tally = shard.Results.Store.Tally;
        bool isHalf = shard.Task.Parent is not null;
        bool listed = !isHalf && (shard.Context.Row.ItemsTotal ?? long.MaxValue) * shard.Context.Cells.Count <= MostItemRows;
        return new TaskCommit
        {
            Succeeded = tally.Items.Succeeded,
            Errored = tally.Items.Errored,
            Errors = tally.Codes,
            Cost = cost.ToJson(),
            Artifacts = isHalf ? [] : [.. Enumerable.Range(0, shard.Context.Cells.Count).SelectMany(cell => Artifacts(shard, cell, cost.Cells[cell]))],
            Items = listed ? [.. Enumerable.Range(0, shard.Context.Cells.Count).SelectMany(cell => Items(shard, cell))] : [],
        };
    }

    async Task UploadAsync(ShardTask shard, int cell, CancellationToken cancellationToken)
    {
        ResultLayout layout = ShardNames.Layout(shard.Context, shard.Task, shard.Folder);
        if (layout.Trace) await WriteAsync(ShardNames.Trace(shard.Context, shard.Task, cell), layout.TraceFile(cell, 0), cancellationToken).ConfigureAwait(false);
        await WriteAsync(ShardNames.Part(shard.Context, shard.Task, cell), layout.PartFile(cell, 0), cancellationToken).ConfigureAwait(false);
    }

    async Task WriteAsync(string blob, string file, CancellationToken cancellationToken)
    {
        if (!(await store.UploadAsync(blob, file, BlobCondition.Absent, cancellationToken).ConfigureAwait(false)).Succeeded)
            await resume.FetchAsync(blob, file, cancellationToken).ConfigureAwait(false);
    }

    TaskCost CostOf(ShardTask shard)
    {
        using var process = Process.GetCurrentProcess();
        ResultStore results = shard.Results.Store;
        return new TaskCost
        {
            Cells = [.. shard.Context.Cells.Select((_, cell) =>
            {
                (long nfe, long tokens) = results.Tally.Of(cell);
                return new CellTaskCost(nfe, tokens, results.CostOf(cell, 0) ?? shard.Known?.Cells[cell].Took);
            })],
            Seconds = shard.Busy + (shard.Known?.Seconds ?? 0),
            PeakMemory = process.PeakWorkingSet64 is > 0 and var peak ? peak : null,
            Kernels = tasks.Kernels,
        };
    }

    static IEnumerable<ArtifactRow> Artifacts(ShardTask shard, int cell, CellTaskCost cost)
    {
        ResultLayout layout = ShardNames.Layout(shard.Context, shard.Task, shard.Folder);
        PartScan scan = PartScan.Read(layout.PartFile(cell, 0)) ?? throw new IOException($"{ShardNames.Part(shard.Context, shard.Task, cell)} is there and holds no results: something else wrote it.");
        var part = new ArtifactRow(ShardNames.Part(shard.Context, shard.Task, cell), ArtifactKind.Part)
        {
            Cell = layout.Cells[cell],
            Part = shard.Task.Part,
            Bytes = new FileInfo(layout.PartFile(cell, 0)).Length,
            Lines = scan.Lines,
            Errored = scan.Errors.Count,
            Nfe = scan.Nfe,
            Tokens = scan.Tokens,
            Seconds = cost.Took?.Seconds ?? 0,
            Flops = cost.Took?.Flops,
        };
        yield return part;
        if (!layout.Trace) yield break;
        string trace = layout.TraceFile(cell, 0);
        yield return new ArtifactRow(ShardNames.Trace(shard.Context, shard.Task, cell), ArtifactKind.Trace)
        {
            Cell = layout.Cells[cell],
            Part = shard.Task.Part,
            Bytes = new FileInfo(trace).Length,
            Lines = File.ReadLines(trace).LongCount(),
        };
    }

    static IEnumerable<ItemRow> Items(ShardTask shard, int cell)
    {
        ResultLayout layout = ShardNames.Layout(shard.Context, shard.Task, shard.Folder);
        double[] seconds = shard.Seconds[cell];
        int place = 0;
        foreach (string text in File.ReadLines(layout.PartFile(cell, 0)))
        {
            using JsonDocument json = JsonDocument.Parse(text);
            JsonElement line = json.RootElement;
            var row = new ItemRow(layout.Cells[cell], shard.Task.FirstItem + place, line.GetProperty("id").GetString()!, shard.Task.Part ?? 0);
            yield return line.TryGetProperty("error", out JsonElement error)
                ? row with { ErrorCode = error.GetProperty("code").GetString() }
                : row with
                {
                    Length = line.GetProperty("length").GetInt64(),
                    Nfe = line.GetProperty("nfe").GetInt64(),
                    Score = line.GetProperty("score") is { ValueKind: JsonValueKind.Number } score ? score.GetDouble() : null,
                    Seconds = place < seconds.Length ? seconds[place] : null,
                };
            place++;
        }
    }
}
