using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>The names of a shard's blobs, and their place on this machine, where the shard is a job's only part.</summary>
internal static class ShardNames
{
    /// <summary>The layout of a shard's results in its task's folder.</summary>
    public static ResultLayout Layout(JobContext context, TaskRow task, string folder) => new(
        Path.Combine(folder, "results"), [.. context.Cells.Select(c => c.Name)], task.ItemCount, checked((int)task.ItemCount), ((SampleManifest)context.Manifest).Trace);

    /// <summary>The blob of a shard's part in a cell: the output's own, or for half of a split task one of the job's.</summary>
    public static string Part(JobContext context, TaskRow task, int cell) => Name(context, task, l => l.PartName(cell, task.Part ?? 0));

    /// <summary>The blob of a shard's trace in a cell.</summary>
    public static string Trace(JobContext context, TaskRow task, int cell) => Name(context, task, l => l.TraceName(cell, task.Part ?? 0));

    /// <summary>The blob that says what a shard cost, written before its parts: who finds them there knows it still.</summary>
    public static string Cost(TaskRow task) => RootNames.Task(task.Key) + "cost.json";

    static string Name(JobContext context, TaskRow task, Func<ResultLayout, string> name) =>
        (task.Parent is null ? context.Manifest.Output + "/" : RootNames.Task(task.Key)) + name(Layout(context, task, ""));
}
