using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Restoring;

/// <summary>
/// Keeps what the index knows of jobs that have ended beside their outputs, and makes an index of it again. An index that is lost costs
/// what hadn't ended then; what it knows beside jobs is kept by <see cref="RecordBackup"/>.
/// </summary>
public sealed partial class IndexBackup(IBlobStore store, IBackupIndex index, ILogger<IndexBackup> log)
{
    const int MostAtOnce = 200;

    /// <summary>Keeps the jobs that have ended since, some at a time.</summary>
    /// <returns>How many.</returns>
    public async Task<int> SaveAsync(CancellationToken cancellationToken)
    {
        int saved = 0;
        foreach (string job in await index.UnsavedAsync(MostAtOnce, cancellationToken))
        {
            if (await index.ReadAsync(job, cancellationToken) is not { } record) continue;
            await RecordFile.WriteAsync(store, RootNames.Record(job), record, cancellationToken);
            await index.MarkSavedAsync(job, record.Version, cancellationToken);
            saved++;
        }
        return saved;
    }

    /// <summary>Enters all jobs that were kept and aren't in the index.</summary>
    /// <returns>How many were entered, and how many were there already.</returns>
    public async Task<(int Entered, int There)> RestoreAsync(CancellationToken cancellationToken)
    {
        int entered = 0, there = 0;
        // Pipelines before their jobs; what jobs need, once all are there.
        foreach (bool roots in (bool[])[true, false])
            await foreach (JobRecord record in RecordsAsync(cancellationToken))
            {
                if (record.Parent is null != roots) continue;
                if (await index.RestoreAsync(record, cancellationToken)) entered++;
                else there++;
            }
        await foreach (JobRecord record in RecordsAsync(cancellationToken)) await index.RestoreNeedsAsync(record, cancellationToken);
        return (entered, there);
    }

    async IAsyncEnumerable<JobRecord> RecordsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (JobRecord record in RecordFile.ReadAllAsync<JobRecord>(store, RootNames.Records, LogUnreadable, cancellationToken))
            if (record.Tables is not null) yield return record with { Tables = RecordFile.Plain(record.Tables) };
    }

    [LoggerMessage(1, LogLevel.Warning, "{Name} is no record of a job and is left out: {Reason}")]
    partial void LogUnreadable(string name, string reason);
}
