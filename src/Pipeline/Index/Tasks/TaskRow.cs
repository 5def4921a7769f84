using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>A task as the index keeps it; names follow the columns.</summary>
public sealed record TaskRow
{
    /// <summary>A select of all tasks, named <c>t</c>.</summary>
    internal const string Select = """
        select t.job_id as JobId, t.ordinal as Ordinal, t.parent as Parent, t.kind as Kind, t.state as State, t.part as Part,
               t.first_item as FirstItem, t.item_count as ItemCount, t.byte_offset as ByteOffset, t.byte_length as ByteLength,
               t.first_line as FirstLine, t.children as Children, t.attempt as Attempt, t.failures as Failures, t.owner as Owner,
               t.claim as Claim, t.lease_until as LeaseUntil, t.not_before as NotBefore, t.error as Error, t.phase as Phase, t.unit as Unit,
               t.progress_done as ProgressDone, t.progress_total as ProgressTotal, t.progressed as Progressed, t.figures as FiguresJson,
               t.succeeded as Succeeded, t.errored as Errored, t.errors as ErrorsJson, t.cost as Cost, t.created_at as CreatedAt,
               t.started_at as StartedAt, t.finished_at as FinishedAt
        from tasks t
        """;

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Its number in the job, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The task that was split into this one and others, or null.</summary>
    public int? Parent { get; init; }

    /// <summary>The job's kind.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Its state.</summary>
    public required TaskState State { get; init; }

    /// <summary>The part of each cell that it makes, or null where the job has none.</summary>
    public int? Part { get; init; }

    /// <summary>Its first item's place in the input, from 0.</summary>
    public long FirstItem { get; init; }

    /// <summary>The number of its items.</summary>
    public long ItemCount { get; init; }

    /// <summary>Where its first line begins in the input file, in bytes.</summary>
    public long ByteOffset { get; init; }

    /// <summary>The length of its lines in bytes.</summary>
    public long ByteLength { get; init; }

    /// <summary>The number of its first line, from 1.</summary>
    public long FirstLine { get; init; }

    /// <summary>
    /// How many tasks it was split into; over 0 in a claim, they are all done, and this one is only to be put together
    /// from theirs.
    /// </summary>
    public int Children { get; init; }

    /// <summary>How often it was claimed; in a claim, the fencing token.</summary>
    public int Attempt { get; init; }

    /// <summary>Failures in a row without progress; a claimed task that has too many is to be split or given up.</summary>
    public int Failures { get; init; }

    /// <summary>Who holds it, or null.</summary>
    public string? Owner { get; init; }

    /// <summary>Until when, or null.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>When it may be claimed, or null: now.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The last failure, or null.</summary>
    public string? Error { get; init; }

    /// <summary>What it does, in a word or two, or null.</summary>
    public string? Phase { get; init; }

    /// <summary>What its progress counts, in the plural, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>Units done.</summary>
    public long ProgressDone { get; init; }

    /// <summary>Units in all, or 0.</summary>
    public long ProgressTotal { get; init; }

    /// <summary>Live figures by name.</summary>
    public IReadOnlyDictionary<string, double> Figures => IndexJson.Numbers(FiguresJson);

    /// <summary>Its items with results only, once it is done.</summary>
    public long Succeeded { get; init; }

    /// <summary>Its items with errors, once it is done.</summary>
    public long Errored { get; init; }

    /// <summary>Its items with errors by code, once it is done.</summary>
    public IReadOnlyDictionary<string, long> Errors => IndexJson.Counts(ErrorsJson);

    /// <summary>What it cost, JSON as its commit said, or null.</summary>
    public string? Cost { get; init; }

    /// <summary>When it was planned.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was first claimed, or null.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Which task.</summary>
    public TaskKey Key => new(JobId, Ordinal);

    /// <summary>Failures in a row, with the present attempt's, whose lease has lapsed: it is one unless it made progress.</summary>
    internal int FailuresAfterLapse => Progressed > 0 ? Failures : Failures + 1;

    internal int Progressed { get; init; }

    internal string? Claim { get; init; }

    internal string? FiguresJson { get; init; }

    internal string? ErrorsJson { get; init; }
}

/// <summary>Which task.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Ordinal">The task's number in it, from 0.</param>
public readonly record struct TaskKey(string Job, int Ordinal)
{
    /// <summary>"job/12".</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Job}/{Ordinal}");
}
