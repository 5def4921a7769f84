using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What a finished task leaves in the index.</summary>
public sealed record TaskCommit
{
    /// <summary>Items with results only.</summary>
    public long Succeeded { get; init; }

    /// <summary>Items with errors.</summary>
    public long Errored { get; init; }

    /// <summary>Items with errors by code.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    /// <summary>What it cost, JSON, or null: given back as it is by <see cref="TaskRow.Cost"/>.</summary>
    public string? Cost { get; init; }

    /// <summary>The files that it made.</summary>
    public IReadOnlyList<ArtifactRow> Artifacts { get; init; } = [];

    /// <summary>Its results one by one; to be left empty for jobs of over 100,000 and for halves of a split task.</summary>
    public IReadOnlyList<ItemRow> Items { get; init; } = [];

    /// <summary>Its figures, that its job's are made of at the end: they are entered at once.</summary>
    public IReadOnlyList<MetricValue> Metrics { get; init; } = [];

    /// <summary>An evaluation's cells, entered at once.</summary>
    public IReadOnlyList<SweepPoint> SweepPoints { get; init; } = [];
}

/// <summary>A result of one item in one cell.</summary>
/// <param name="Cell">The cell's name.</param>
/// <param name="Item">The item's place in the input, from 0.</param>
/// <param name="Id">The item's id.</param>
/// <param name="Part">The part that its line stands in.</param>
public sealed record ItemRow(string Cell, long Item, string Id, int Part)
{
    /// <summary>Tokens, or null where it is an error, like the next two.</summary>
    public long? Length { get; init; }

    /// <summary>Forward passes.</summary>
    public long? Nfe { get; init; }

    /// <summary>The mean log-probability.</summary>
    public double? Score { get; init; }

    /// <summary>Computing time, or null.</summary>
    public double? Seconds { get; init; }

    /// <summary>The error's code, or null.</summary>
    public string? ErrorCode { get; init; }
}

/// <summary>What became of a commit.</summary>
/// <param name="Committed">False: fenced off. Another has the task, or its job has ended; nothing was changed.</param>
/// <param name="LastOfJob">No task of the job is open any more; its <c>finalize</c> message is in the outbox.</param>
/// <param name="ReadyParent">
/// The task that this one was the last half of: it is queued again, with a message in the outbox; whoever claims it
/// puts its part together.
/// </param>
public sealed record CommitOutcome(bool Committed, bool LastOfJob = false, int? ReadyParent = null)
{
    /// <summary>Nothing was changed.</summary>
    public static CommitOutcome Fenced { get; } = new(false);
}
