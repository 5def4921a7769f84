namespace DiffusionBatch.Pipeline.Index;

/// <summary>All that the index knows of a job, row by row, as it can be kept elsewhere and entered again.</summary>
public interface IBackupIndex
{
    /// <summary>Jobs that have ended and were not kept since, the oldest first.</summary>
    Task<IReadOnlyList<string>> UnsavedAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>A job's rows; null: there is none.</summary>
    Task<JobRecord?> ReadAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>Marks a job as kept at a version.</summary>
    Task MarkSavedAsync(string job, long version, CancellationToken cancellationToken = default);

    /// <summary>Enters a job's rows again, but for what it needs; false: a job of its id is there, which stays as it is.</summary>
    Task<bool> RestoreAsync(JobRecord record, CancellationToken cancellationToken = default);

    /// <summary>Enters what a job needs again, once the jobs are there.</summary>
    Task RestoreNeedsAsync(JobRecord record, CancellationToken cancellationToken = default);
}

/// <summary>All that the index knows of a job.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Tables">Its rows by table, each by column: texts, whole and other numbers, nulls.</param>
public sealed record JobRecord(string Job, long Version,
    IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, object?>>> Tables)
{
    /// <summary>The pipeline that it is part of, or null.</summary>
    public string? Parent => Tables.GetValueOrDefault("jobs", []) is [{ } row, ..] ? row.GetValueOrDefault("parent_id") as string : null;
}
