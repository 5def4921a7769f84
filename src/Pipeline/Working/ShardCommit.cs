using System.Diagnostics;
using System.Text;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// Puts a shard's finished files in place: what it cost, then each cell's part behind the files beside it, each written once under a name
/// that only this shard has. A part that is there was written by this very task; it is read back, and counts.
/// </summary>
internal sealed class ShardCommit(IBlobStore store, IJobTasks tasks)
{
    /// <summary>Uploads a shard's files.</summary>
    /// <returns>What the index is to be told.</returns>
    public async Task<TaskCommit> UploadAsync(ShardTask shard, CancellationToken cancellationToken)
    {
        TaskCost cost = CostOf(shard);
        await store.WriteAsync(ShardNames.Cost(shard.Task), Encoding.UTF8.GetBytes(cost.ToJson()), BlobCondition.None, cancellationToken);
        await UploadAsync(shard, 0, cancellationToken);
        var several = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForAsync(1, shard.Context.Cells.Count, several, async (cell, token) => await UploadAsync(shard, cell, token));
        bool listed = (shard.Context.Row.ItemsTotal ?? long.MaxValue) * shard.Context.Cells.Count <= ShardRows.MostItemRows;
        return new ShardRows(ShardNames.Layout(shard.Context, shard.Task, shard.Folder), shard.Task, shard.Context.Manifest.Output,
            cell => shard.Seconds[cell]).Commit(cost, listed);
    }

    static async Task UploadAsync(ShardTask shard, int cell, CancellationToken cancellationToken)
    {
        ResultLayout layout = ShardNames.Layout(shard.Context, shard.Task, shard.Folder);
        foreach (BesideFile file in layout.Files[cell])
            await WriteAsync(shard.Context.Store, ShardNames.Beside(shard.Context, shard.Task, cell, file),
                layout.PathBeside(cell, 0, file), cancellationToken);
        await WriteAsync(shard.Context.Store, ShardNames.Part(shard.Context, shard.Task, cell), layout.PartFile(cell, 0),
            cancellationToken);
    }

    static async Task WriteAsync(IBlobStore root, string blob, string file, CancellationToken cancellationToken)
    {
        if (!(await root.UploadAsync(blob, file, BlobCondition.Absent, cancellationToken)).Succeeded)
            await root.DownloadAsync(blob, file, cancellationToken);
    }

    TaskCost CostOf(ShardTask shard)
    {
        using var process = Process.GetCurrentProcess();
        ResultStore results = shard.Results.Store;
        ResultLayout layout = ShardNames.Layout(shard.Context, shard.Task, shard.Folder);
        return new TaskCost
        {
            Cells = [.. shard.Context.Cells.Select((_, cell) =>
            {
                (long nfe, long tokens) = results.Tally.Of(cell);
                return new CellTaskCost(nfe, tokens, results.CostOf(cell, 0) ?? shard.Known?.Cells[cell].Took)
                {
                    Agreement = layout.Files[cell].Contains(BesideFile.Verify)
                        ? Agreement.Read(layout.PathBeside(cell, 0, BesideFile.Verify))
                        : null,
                };
            })],
            Seconds = shard.Busy + (shard.Known?.Seconds ?? 0),
            PeakMemory = process.PeakWorkingSet64 is > 0 and var peak ? peak : null,
            Kernels = tasks.Kernels,
        };
    }
}
