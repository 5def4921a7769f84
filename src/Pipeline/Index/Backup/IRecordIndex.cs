using System.Text.Json.Serialization;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// What the index knows beside jobs and can't find out anew: schedules with their latest times, webhooks, keys (their hashes), quotas,
/// files and batches of the OpenAI-shaped door. Row by row, as it can be kept elsewhere and entered again.
/// </summary>
public interface IRecordIndex
{
    /// <summary>What was made or changed since it was kept.</summary>
    Task<IReadOnlyList<RecordName>> UnsavedAsync(RecordKind kind, int limit, CancellationToken cancellationToken = default);

    /// <summary>What was kept and was removed since.</summary>
    Task<IReadOnlyList<RecordName>> RemovedAsync(RecordKind kind, int limit, CancellationToken cancellationToken = default);

    /// <summary>The rows of one, or null: there is none.</summary>
    Task<KeptRecord?> ReadAsync(RecordName name, CancellationToken cancellationToken = default);

    /// <summary>Marks one as kept as it was when its name was read.</summary>
    Task MarkSavedAsync(RecordName name, CancellationToken cancellationToken = default);

    /// <summary>Forgets that one was kept.</summary>
    Task ForgetAsync(RecordName name, CancellationToken cancellationToken = default);

    /// <summary>Enters one again; false: one of its name is there, which stays as it is.</summary>
    Task<bool> RestoreAsync(KeptRecord record, CancellationToken cancellationToken = default);

    /// <summary>
    /// Enters what follows from jobs that are there: the times of schedules that they are the runs of. Batches that hadn't ended and whose
    /// jobs aren't there are to be checked and submitted again.
    /// </summary>
    Task ReconcileAsync(CancellationToken cancellationToken = default);
}

/// <summary>What is kept beside jobs, by its table.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordKind>))]
public enum RecordKind
{
    /// <summary>Schedules; a record has the latest of a schedule's times, too.</summary>
    Schedules,

    /// <summary>Webhooks, without their secrets, which the index doesn't have, and without what they were told.</summary>
    Webhooks,

    /// <summary>Tenants' keys, by their hashes.</summary>
    Keys,

    /// <summary>What tenants may have.</summary>
    Quotas,

    /// <summary>Files of the OpenAI-shaped door.</summary>
    Files,

    /// <summary>Its batches.</summary>
    Batches,
}

/// <summary>One of what is kept.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Record">Its id; of a schedule <c>TENANT/NAME</c>, of a quota the tenant's name.</param>
/// <param name="Mark">Another one with each change.</param>
public sealed record RecordName(RecordKind Kind, string Record, string Mark);

/// <summary>All that the index knows of one.</summary>
/// <param name="Name">Which.</param>
/// <param name="Tables">Its rows by table, each by column: texts, whole and other numbers, nulls; its own row is the one of its kind's
/// table.</param>
public sealed record KeptRecord(RecordName Name,
    IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, object?>>> Tables)
{
    /// <summary>A text of its own row, or null.</summary>
    public string? Text(string column) =>
        Tables.GetValueOrDefault(Table(Name.Kind), []) is [{ } row, ..] ? row.GetValueOrDefault(column) as string : null;

    internal static string Table(RecordKind kind) => kind.ToString().ToLowerInvariant();
}
