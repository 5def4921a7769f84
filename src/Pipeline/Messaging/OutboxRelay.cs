using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Messaging;

/// <summary>
/// Sends what transactions left in the outbox, of tasks as many as have their turn. One process at a time does so, under a lease; a
/// message that was sent and not marked is sent again, which every receiver bears.
/// </summary>
public sealed partial class OutboxRelay(IBlobStore store, IOutboxIndex index, PipelineQueues queues, TimeProvider time,
    ILogger<OutboxRelay> log)
{
    /// <summary>Messages that are read and marked at once.</summary>
    const int BatchSize = 500;

    /// <summary>Sends that are under way at once.</summary>
    const int Senders = 16;

    static readonly TimeSpan s_lease = TimeSpan.FromSeconds(15);

    /// <summary>Sends all that is due and need wait for no turn.</summary>
    /// <returns>How many messages were sent; 0 also where another process is at it.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await index.AdmitAsync(cancellationToken);
        // An idle pipeline's timer comes here too: that nothing waits is told by the index alone.
        int sent = 0;
        // Whoever was told meanwhile that another is at it leaves its messages to that one, who so looks again once it is not.
        while ((await index.PendingAsync(1, cancellationToken)).Count > 0)
        {
            if (await SendAsync(cancellationToken) is not { } some) break;
            sent += some;
        }
        if (sent > 0) LogSent(sent);
        return sent;
    }

    // Null: another process is at it.
    async Task<int?> SendAsync(CancellationToken cancellationToken)
    {
        await using IBlobLease? lease = await store.LeaseAsync($"{RootNames.Internal}/relay", s_lease, cancellationToken);
        if (lease is null) return null;
        int sent = 0;
        for (long renewed = time.GetTimestamp(); await index.PendingAsync(BatchSize, cancellationToken) is { Count: > 0 } rows;)
        {
            var several = new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(rows, several, async (row, token) =>
                await queues[row.Queue].SendAsync(PipelineMessage.Of(row).ToBody(), TimeSpan.Zero, token));
            await index.MarkSentAsync([.. rows.Select(r => r.Id)], cancellationToken);
            sent += rows.Count;
            foreach (IGrouping<string, OutboxRow> some in rows.GroupBy(r => r.Queue)) PipelineMetrics.Sent(some.Key, some.Count());
            if (time.GetElapsedTime(renewed) < s_lease / 3) continue;
            if (!await lease.RenewAsync(cancellationToken)) break;
            renewed = time.GetTimestamp();
        }
        return sent;
    }

    [LoggerMessage(1, LogLevel.Debug, "Sent {Count} messages")]
    partial void LogSent(int count);
}
