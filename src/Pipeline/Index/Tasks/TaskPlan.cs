using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>A task to add.</summary>
/// <param name="Ordinal">Its number in the job, from 0; halves of a split task are numbered by the index.</param>
/// <param name="Kind">The job's kind.</param>
public sealed record TaskPlan(int Ordinal, JobKind Kind)
{
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

    /// <summary>Units of its progress (items times cells, steps), so that a job's share is known before all tasks began; null: its items.</summary>
    public long? Units { get; init; }

    /// <summary>The number of its first line, from 1.</summary>
    public long FirstLine { get; init; } = 1;
}
