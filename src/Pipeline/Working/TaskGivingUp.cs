using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// What becomes of a task that failed too often: a shard is split in halves, down to the item that is to blame, which
/// becomes a typed error while the others go on; a task without items is given up, and its job fails.
/// </summary>
internal sealed class TaskGivingUp(ITaskIndex index, ShardCommit commit, TaskEnding ending, WorkerOptions options, WorkerLog log)
{
    /// <summary>The code of an item that was given up.</summary>
    public const string Poisoned = "poisoned";

    /// <summary>
    /// Whether a task has failed too often. Half of a split task is split on at its first failure: that the fault comes back is
    /// known by then; a single item has all its tries before it is given up.
    /// </summary>
    public bool IsDue(TaskRow task) => task.Children == 0
        && (task.Failures >= options.MaxFailures || (task is { Parent: not null, ItemCount: > 1, Failures: > 0 }));

    /// <summary>Splits a shard of several items.</summary>
    public async Task SplitAsync(ShardTask shard, CancellationToken cancellationToken)
    {
        TaskRow task = shard.Task;
        IReadOnlyList<ItemSpan> items = InputReader.Spans(ShardTask.InputFile(shard.Folder), shard.Manifest.Input, ShardTask.SpanOf(task));
        int middle = items.Count / 2;
        TaskPlan Half(int from, int to) => new(0, JobKind.Sample)
        {
            Part = task.Part,
            FirstItem = items[from].Index,
            ItemCount = to - from,
            ByteOffset = items[from].Offset,
            ByteLength = items[to - 1].End - items[from].Offset,
            FirstLine = items[from].Line,
        };
        log.Split(task.Key, task.Failures);
        if (await index.SplitAsync(task.Key, task.Attempt, [Half(0, middle), Half(middle, items.Count)], cancellationToken))
        {
            shard.Claim.Span.End("split");
            await shard.Claim.DeleteAsync(cancellationToken);
            await shard.Claim.DisposeAsync();
            await ending.RelayAsync(cancellationToken);
        }
        else await ending.EndAsync(shard.Claim, cancellationToken);
    }

    /// <summary>Gives up a shard of one item: where it has no result, that is its error.</summary>
    public async Task PoisonAsync(ShardTask shard, CancellationToken cancellationToken)
    {
        string reason = shard.Task.Error ?? "The process that worked on it died each time.";
        InputItem item = shard.Items().Single();
        shard.Results.Add([.. Enumerable.Range(0, shard.Context.Cells.Count)], item, item.Error ?? new ItemError(Poisoned, reason));
        TaskCommit made = await commit.UploadAsync(shard, cancellationToken);
        await ending.CommitAsync(shard.Claim, made, new PoisonEntry(reason, item.Id), cancellationToken);
    }

    /// <summary>Gives up a task without items.</summary>
    public Task PoisonAsync(TaskClaim claim, CancellationToken cancellationToken) => ending.CommitAsync(
        claim, new TaskCommit(), new PoisonEntry(claim.Task.Error ?? "The process that worked on it died each time."), cancellationToken);
}
