using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>The names of a shard's blobs, and their place on this machine, where the shard is a job's only part.</summary>
internal static class ShardNames
{
    /// <summary>The layout of a shard's results in its task's folder.</summary>
    public static ResultLayout Layout(JobContext context, TaskRow task, string folder) =>
        ResultLayout.Of(Path.Combine(folder, "results"), (SampleManifest)context.Manifest, task.ItemCount,
            context.Cells) with
        { ShardSize = checked((int)task.ItemCount) };

    /// <summary>The blob of a shard's part in a cell: the output's own, or for half of a split task one of the job's.</summary>
    public static string Part(JobContext context, TaskRow task, int cell) => Name(context, task, l => l.PartName(cell, task.Part ?? 0));

    /// <summary>The blob of a file beside it.</summary>
    public static string Beside(JobContext context, TaskRow task, int cell, BesideFile file) =>
        Name(context, task, l => l.NameBeside(cell, task.Part ?? 0, file));

    /// <summary>The blob that says what a shard cost, written before its parts: who finds them there knows it still.</summary>
    public static string Cost(TaskRow task) => RootNames.Task(task.Key) + "cost.json";

    static string Name(JobContext context, TaskRow task, Func<ResultLayout, string> name) =>
        (task.Parent is null ? context.Manifest.Output + "/" : RootNames.Task(task.Key)) + name(Layout(context, task, ""));
}
