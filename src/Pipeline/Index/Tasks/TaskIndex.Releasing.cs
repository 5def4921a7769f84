using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// How a task is let go. No message is written: the caller keeps its own and makes it visible after the delay; the
/// reconciler sends another where that is lost.
/// </summary>
/// <param name="Kind">Why.</param>
public sealed record TaskRelease(ReleaseKind Kind)
{
    /// <summary>The worker stops.</summary>
    public static TaskRelease GivenBack { get; } = new(ReleaseKind.GivenBack);

    /// <summary>The job was stopped.</summary>
    public static TaskRelease Stopped { get; } = new(ReleaseKind.Stopped);

    /// <summary>It failed.</summary>
    /// <param name="error">Why, in a sentence.</param>
    /// <param name="delay">How long to wait before it is tried again.</param>
    public static TaskRelease Failed(string error, TimeSpan delay) => new(ReleaseKind.Failed) { Error = error, Delay = delay };

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>How long to wait before it is tried again.</summary>
    public TimeSpan Delay { get; init; }
}

/// <summary>Why a task is let go.</summary>
public enum ReleaseKind
{
    /// <summary>The worker stops; no failure.</summary>
    GivenBack,

    /// <summary>It failed, and may be tried again.</summary>
    Failed,

    /// <summary>Its job is cancelled, ended or expired.</summary>
    Stopped,
}

// Letting tasks go.
internal sealed partial class TaskIndex
{
    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(TaskKey task, int attempt, TaskRelease release, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => ReleaseAsync(s, task, attempt, release), cancellationToken);

    static async Task<bool> ReleaseAsync(IndexSession session, TaskKey key, int attempt, TaskRelease release)
    {
        if (await LockJob.RunAsync(session, key.Job) is not { } job
            || await TaskRows.LockAsync(session, key) is not { } task
            || task.Attempt != attempt)
        {
            return false;
        }
        if (task.State != TaskState.Running) return session.Retried && task.State is TaskState.Queued or TaskState.Cancelled;
        bool failed = release.Kind == ReleaseKind.Failed;
        await ReleaseTask.RunAsync(
            session, job, task, failed ? task.Failures + 1 : task.Failures, EnumText.Of(release.Kind), release.Error, failed
                ? release.Delay
                : TimeSpan.Zero);
        return true;
    }
}
