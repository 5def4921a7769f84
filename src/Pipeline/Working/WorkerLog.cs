using DiffusionBatch.Pipeline.Index;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>What a worker logs.</summary>
internal sealed partial class WorkerLog(ILogger log)
{
    [LoggerMessage(1, LogLevel.Information, "Worker {Name} takes tasks with {Kernels}; it keeps files in {Folder}")]
    public partial void Started(string name, string kernels, string folder);

    [LoggerMessage(2, LogLevel.Information, "Worker {Name} has stopped")]
    public partial void Ended(string name);

    [LoggerMessage(3, LogLevel.Debug, "Task {Task} claimed: attempt {Attempt}")]
    public partial void Claimed(TaskKey task, int attempt);

    [LoggerMessage(4, LogLevel.Information, "Task {Task} committed: {Succeeded} items, {Errored} with errors")]
    public partial void Committed(TaskKey task, long succeeded, long errored);

    [LoggerMessage(5, LogLevel.Warning, "Attempt {Attempt} at task {Task} is fenced off: another has the task, or its job has ended. "
        + "What this one made is thrown away")]
    public partial void Fenced(TaskKey task, int attempt);

    [LoggerMessage(6, LogLevel.Information, "Task {Task} given back with its progress")]
    public partial void GivenBack(TaskKey task);

    [LoggerMessage(7, LogLevel.Information, "Task {Task} stopped: its job was cancelled, ended or has expired")]
    public partial void Stopped(TaskKey task);

    [LoggerMessage(8, LogLevel.Error, "Attempt {Attempt} at task {Task} failed; it is tried again in {Seconds} s")]
    public partial void Failed(Exception exception, TaskKey task, int attempt, double seconds);

    [LoggerMessage(9, LogLevel.Warning, "Task {Task} has failed {Failures} times and is split in halves")]
    public partial void Split(TaskKey task, int failures);

    [LoggerMessage(10, LogLevel.Error, "Task {Task} is given up: {Reason}")]
    public partial void Poisoned(TaskKey task, string reason);

    [LoggerMessage(11, LogLevel.Warning, "What task {Task} has done so far couldn't be saved")]
    public partial void NotSaved(Exception exception, TaskKey task);

    [LoggerMessage(12, LogLevel.Warning, "The queues or the index can't be reached; the worker tries again")]
    public partial void Unreachable(Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "A message is none of the pipeline's and is dropped: {Body}")]
    public partial void Stranger(string body);

    [LoggerMessage(14, LogLevel.Warning, "{Shards} shards failed together and are tried one by one")]
    public partial void Apart(Exception exception, int shards);

    [LoggerMessage(15, LogLevel.Error, "Task {Task} couldn't be ended; its claim will lapse")]
    public partial void NotEnded(Exception exception, TaskKey task);

    [LoggerMessage(16, LogLevel.Information, "Task {Task}: {Note}")]
    public partial void Noted(TaskKey task, string note);

    [LoggerMessage(17, LogLevel.Error, "Attempt {Attempt} at task {Task} failed, and another would too: its job fails. What it "
        + "saved is kept")]
    public partial void FailedForGood(Exception exception, TaskKey task, int attempt);
}
