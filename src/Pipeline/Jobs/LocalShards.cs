using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Working;

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>
/// The tasks of a sample job that one process works on: each part of the output is a task, taken with its first item and ended once its
/// files are there in every cell.
/// </summary>
/// <param name="index">The index.</param>
/// <param name="tasks">The tasks, by number, which is their part's.</param>
/// <param name="layout">Where the files lie.</param>
/// <param name="output">The job's output folder, relative to the root.</param>
/// <param name="store">The results.</param>
/// <param name="kernels">What computes, or null.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalShards(LocalIndex index, IReadOnlyList<TaskRow> tasks, ResultLayout layout, string output, ResultStore store, string? kernels, TimeProvider time)
{
    readonly TaskRow[] _tasks = [.. tasks];
    readonly double[] _busy = new double[tasks.Count];
    readonly Dictionary<(int Cell, int Part), double[]> _seconds = [];
    long _last = time.GetTimestamp();

    /// <summary>Takes an item's task, if it waits.</summary>
    public InputItem Begin(InputItem item)
    {
        Claim(layout.PartOf(item.Index));
        return item;
    }

    /// <summary>Counts the time since the result before as work on an item's task.</summary>
    public void Worked(long item)
    {
        long now = time.GetTimestamp();
        _busy[layout.PartOf(item)] += time.GetElapsedTime(_last, now).TotalSeconds;
        _last = now;
    }

    /// <summary>Takes a part that was put in place; after that of the last cell its task is done.</summary>
    public void Finish(FinishedPart part)
    {
        _seconds[(part.Cell, part.Part)] = [.. part.Rows.Select(r => r.Seconds)];
        if (store.HasPart(part.Part)) Commit(part.Part);
    }

    /// <summary>Ends the tasks whose files an earlier run put in place without telling the index.</summary>
    public void CommitFound()
    {
        for (int part = 0; part < _tasks.Length; part++)
            if (store.HasPart(part) && _tasks[part].State != TaskState.Completed) Commit(part);
    }

    // The sampler's thread comes here, which has nothing else to do.
    void Claim(int part)
    {
        if (_tasks[part].State == TaskState.Queued) _tasks[part] = index.ClaimAsync(_tasks[part].Key).GetAwaiter().GetResult();
    }

    void Commit(int part)
    {
        Claim(part);
        var rows = new ShardRows(layout, part, _tasks[part], output, cell => _seconds.GetValueOrDefault((cell, part)) ?? []);
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var cost = new TaskCost
        {
            Cells = rows.Cells(cell => store.CostOf(cell, part)),
            Seconds = _busy[part],
            PeakMemory = process.PeakWorkingSet64 is > 0 and var peak ? peak : null,
            Kernels = kernels,
        };
        index.CommitAsync(_tasks[part], rows.Commit(cost, layout.Items * layout.Cells.Count <= ShardRows.MostItemRows)).GetAwaiter().GetResult();
        _tasks[part] = _tasks[part] with { State = TaskState.Completed };
        for (int cell = 0; cell < layout.Cells.Count; cell++) _seconds.Remove((cell, part));
    }
}
