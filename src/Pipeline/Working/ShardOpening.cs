using System.Globalization;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// Brings here what a shard needs: its lines of the input, parts that are finished already, and what earlier attempts came to.
/// </summary>
internal sealed class ShardOpening(IBlobStore store, ITaskIndex index, ResumeFiles resume)
{
    /// <summary>Opens a shard in a folder, which is made.</summary>
    /// <exception cref="FileChangedException">The input is another than the one that was planned over.</exception>
    public async Task<ShardTask> OpenAsync(TaskClaim claim, JobContext context, string folder, CancellationToken cancellationToken)
    {
        TaskRow task = claim.Task;
        ResultLayout layout = ShardNames.Layout(context, task, folder);
        Directory.CreateDirectory(Path.Combine(layout.Output, OutputManifest.WorkFolder));
        TaskCost? known;
        if (task.Children > 0) known = await AssembleAsync(task, context, layout, cancellationToken);
        else
        {
            await FetchLinesAsync(task, context, folder, cancellationToken);
            known = await FetchPartsAsync(task, context, layout, cancellationToken);
            string journal = Path.Combine(layout.Output, OutputManifest.WorkFolder, ResultStore.JournalName);
            if (!File.Exists(journal)) await resume.FetchJournalAsync(task, journal, cancellationToken);
        }
        string belongsTo = string.Create(CultureInfo.InvariantCulture, $"{context.Row.Fingerprint} {task.FirstItem}+{task.ItemCount}");
        var shard = new ShardTask(claim, context, folder, new ResultStore(layout, belongsTo))
        {
            Known = known,
            IsAlone = task.Failures > 0
        };
        shard.Results.Store.CommitRecovered();
        return shard;
    }

    static async Task FetchLinesAsync(TaskRow task, JobContext context, string folder, CancellationToken cancellationToken)
    {
        await using (Stream content = await context.Root.OpenAsync(context.Input, task.ByteOffset, cancellationToken))
        await using (var file = new FileStream(ShardTask.InputFile(folder), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16,
            FileOptions.Asynchronous))
        {
            byte[] buffer = new byte[(int)Math.Min(task.ByteLength, 1 << 17)];
            for (long left = task.ByteLength; left > 0;)
            {
                int read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
                if (read == 0) throw new FileChangedException(context.Input.Path, gone: false);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                left -= read;
            }
        }
        await context.Root.DemandAsync(context.Input, cancellationToken);
    }

    // An output belongs to one fingerprint: a part that is there was written by this very task, or by one that is its like.
    async Task<TaskCost?> FetchPartsAsync(TaskRow task, JobContext context, ResultLayout layout, CancellationToken cancellationToken)
    {
        // The first cell's is written first: without it the others aren't asked for, which keeps a fresh shard at one request.
        if (await context.Store.FindAsync(ShardNames.Part(context, task, 0), cancellationToken) is null) return null;
        for (int cell = 0; cell < context.Cells.Count; cell++)
        {
            bool all = true;
            foreach (BesideFile file in layout.Files[cell])
                all = all && await context.Store.DownloadAsync(ShardNames.Beside(context, task, cell, file),
                    layout.PathBeside(cell, 0, file), cancellationToken);
            if (!all) continue;
            await context.Store.DownloadAsync(ShardNames.Part(context, task, cell), layout.PartFile(cell, 0), cancellationToken);
        }
        return await store.ReadAsync(ShardNames.Cost(task), cancellationToken) is { } cost
            ? TaskCost.Parse(System.Text.Encoding.UTF8.GetString(cost))
            : null;
    }

    // The halves' lines one after another are the part's; what they cost is added up.
    async Task<TaskCost> AssembleAsync(TaskRow task, JobContext context, ResultLayout layout, CancellationToken cancellationToken)
    {
        TaskRow[] halves = [.. (await index.HalvesAsync(task.Key, cancellationToken)).OrderBy(h => h.FirstItem)];
        for (int cell = 0; cell < context.Cells.Count; cell++)
        {
            foreach (BesideFile file in layout.Files[cell])
                await JoinAsync(context.Store, halves.Select(h => ShardNames.Beside(context, h, cell, file)),
                    layout.PathBeside(cell, 0, file), cancellationToken);
            await JoinAsync(context.Store, halves.Select(h => ShardNames.Part(context, h, cell)), layout.PartFile(cell, 0),
                cancellationToken);
        }
        return TaskCost.Sum([.. halves.Select(h => TaskCost.Parse(h.Cost))]);
    }

    static async Task JoinAsync(IBlobStore root, IEnumerable<string> blobs, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        foreach (string blob in blobs)
        {
            await using Stream content = await root.OpenReadAsync(blob, 0, cancellationToken)
                ?? throw new IOException($"{blob}, half of a task that was split, is gone.");
            await content.CopyToAsync(file, cancellationToken);
        }
    }
}
