using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Webhooks;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Restoring;

/// <summary>
/// Keeps what the index knows beside jobs, a blob each: schedules, webhooks, keys, quotas, files and batches; and enters it again. No
/// secret is in it: of keys there is the hash, and webhooks' secrets lie where they always do (<see cref="WebhookService"/>).
/// </summary>
public sealed partial class RecordBackup(IBlobStore store, IRecordIndex index, ILogger<RecordBackup> log)
{
    const int MostAtOnce = 200;

    /// <summary>Keeps what was made or changed since, some at a time, and drops what was removed.</summary>
    /// <returns>How many were kept or dropped.</returns>
    public async Task<int> SaveAsync(CancellationToken cancellationToken)
    {
        int changed = 0;
        foreach (RecordKind kind in Enum.GetValues<RecordKind>())
        {
            // What is removed goes first: a name that was made anew has its own record after this.
            foreach (RecordName name in await index.RemovedAsync(kind, MostAtOnce, cancellationToken))
            {
                await store.DeleteAsync(PathOf(name), BlobCondition.None, cancellationToken);
                await index.ForgetAsync(name, cancellationToken);
                changed++;
            }
            foreach (RecordName name in await index.UnsavedAsync(kind, MostAtOnce, cancellationToken))
            {
                if (await index.ReadAsync(name, cancellationToken) is not { } record) continue;
                await RecordFile.WriteAsync(store, PathOf(name), record, cancellationToken);
                await index.MarkSavedAsync(name, cancellationToken);
                changed++;
            }
        }
        return changed;
    }

    /// <summary>Enters all that was kept and isn't in the index, once the jobs are there (<see cref="IndexBackup"/>).</summary>
    /// <returns>What became of each kind.</returns>
    public async Task<IReadOnlyList<RestoreCount>> RestoreAsync(CancellationToken cancellationToken)
    {
        var counts = new List<RestoreCount>();
        foreach (RecordKind kind in Enum.GetValues<RecordKind>())
        {
            var count = new RestoreCount(kind, 0, 0, []);
            await foreach (KeptRecord read in RecordFile.ReadAllAsync<KeptRecord>(store, RootNames.RecordsOf(Folder(kind)), LogUnreadable,
                cancellationToken))
            {
                if (read.Name?.Kind != kind || read.Tables is null) continue;
                KeptRecord record = read with { Tables = RecordFile.Plain(read.Tables) };
                if (Needed(record) is { } blob && await store.FindAsync(blob, cancellationToken) is null)
                    count = count with { Left = [.. count.Left, record.Name.Record] };
                else if (await index.RestoreAsync(record, cancellationToken)) count = count with { Entered = count.Entered + 1 };
                else count = count with { There = count.There + 1 };
            }
            counts.Add(count);
        }
        await index.ReconcileAsync(cancellationToken);
        return counts;
    }

    // The blob without which a row is good for nothing.
    static string? Needed(KeptRecord record) => record.Name.Kind switch
    {
        RecordKind.Webhooks => WebhookService.SecretOf(record.Name.Record),
        RecordKind.Files when record.Text("path") is { } path =>
            RootNames.Tenant(Tenant.Of(record.Text("tenant") ?? "")) + path,
        _ => null,
    };

    static string PathOf(RecordName name) => RootNames.RecordsOf(Folder(name.Kind)) + name.Record + ".json";

    static string Folder(RecordKind kind) => kind.ToString().ToLowerInvariant();

    [LoggerMessage(1, LogLevel.Warning, "{Name} is no record of the index and is left out: {Reason}")]
    partial void LogUnreadable(string name, string reason);
}

/// <summary>What became of a kind of records that were to be entered again.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Entered">How many were entered.</param>
/// <param name="There">How many were there already.</param>
/// <param name="Left">Those that were left out: the content of a file, or the secret of a webhook, is gone from the storage.</param>
public sealed record RestoreCount(RecordKind Kind, int Entered, int There, IReadOnlyList<string> Left);
