using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// What the reconciler and the timers do: they free what nobody holds any more, move on what waits for nothing, and delete what is
/// old. Calls that go over many jobs deal with each in a transaction of its own.
/// </summary>
public interface IUpkeepIndex
{
    /// <summary>
    /// Queues tasks again whose holders' leases have lapsed, with a message each; cancels them where the job was stopped. Returns how many.
    /// </summary>
    Task<int> FreeLapsedAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Frees at once what processes that are gone held, whatever their leases say; no failure is counted. For whoever has the root,
    /// and so this index, alone. Returns how many jobs there were. <see cref="ResendAsync"/> writes their messages.
    /// </summary>
    Task<int> TakeOverAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes messages again for tasks and plans that wait although theirs was sent that long ago. Returns how many.</summary>
    Task<int> ResendAsync(TimeSpan unclaimedFor, CancellationToken cancellationToken = default);

    /// <summary>
    /// Jobs that are planned, or were being planned, and are to be ended: all tasks done, cancelling without running
    /// tasks, or expired.
    /// </summary>
    Task<IReadOnlyList<string>> ReadyToFinishAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Readies or ends blocked jobs whose needs have ended, and makes pipelines' states anew. Returns how many it changed.
    /// </summary>
    Task<int> AdvanceBlockedAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends jobs past their expiry that were never planned. Returns how many; planned ones are <see cref="ReadyToFinishAsync"/>'s.
    /// </summary>
    Task<int> ExpireAsync(CancellationToken cancellationToken = default);

    /// <summary>What is due in each queue and nobody holds, and for how long; each queue is told, empty ones too.</summary>
    Task<IReadOnlyList<WaitingQueue>> WaitingAsync(CancellationToken cancellationToken = default);

    /// <summary>How many tasks are given up and not dealt with.</summary>
    Task<long> PoisonAsync(CancellationToken cancellationToken = default);

    /// <summary>The jobs that <see cref="DeleteOldAsync"/> deletes, those of pipelines among them.</summary>
    Task<IReadOnlyList<string>> OldAsync(DateTimeOffset before, CancellationToken cancellationToken = default);

    /// <summary>Deletes jobs that ended before a time, a pipeline with all of its jobs. Returns how many; files stay.</summary>
    Task<int> DeleteOldAsync(DateTimeOffset before, CancellationToken cancellationToken = default);
}
