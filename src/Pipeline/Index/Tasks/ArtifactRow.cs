namespace DiffusionBatch.Pipeline.Index;

/// <summary>A finished file of a job's output.</summary>
/// <param name="Path">Where it is under the storage root.</param>
/// <param name="Kind">What it is.</param>
public sealed record ArtifactRow(string Path, ArtifactKind Kind)
{
    /// <summary>A select of those of a job, by path.</summary>
    internal const string OfJob = """
        select path as Path, kind as Kind, cell as Cell, part as Part, bytes as Bytes, lines as Lines, errored as Errored,
               nfe as Nfe, tokens as Tokens, seconds as Seconds, flops as Flops
        from artifacts where job_id = @job order by path
        """;

    // For Dapper.
    ArtifactRow() : this("", ArtifactKind.File)
    {
    }

    /// <summary>The cell's name; empty where the job has no cells.</summary>
    public string Cell { get; init; } = "";

    /// <summary>The part's number, from 0; null where the job has no parts.</summary>
    public int? Part { get; init; }

    /// <summary>Its length, or null where it isn't known.</summary>
    public long? Bytes { get; init; }

    /// <summary>Its lines, or null where they aren't known.</summary>
    public long? Lines { get; init; }

    /// <summary>Lines that are errors.</summary>
    public long Errored { get; init; }

    /// <summary>Forward passes of its items.</summary>
    public long Nfe { get; init; }

    /// <summary>Tokens of its items.</summary>
    public long Tokens { get; init; }

    /// <summary>Computing time.</summary>
    public double Seconds { get; init; }

    /// <summary>Floating-point operations, or null where they aren't known.</summary>
    public double? Flops { get; init; }
}

/// <summary>What a file of a job's output is.</summary>
public enum ArtifactKind
{
    /// <summary>Results of a shard in a cell.</summary>
    Part,

    /// <summary>The trace beside them.</summary>
    Trace,

    /// <summary>Exact results beside those of an approximate cell.</summary>
    Verify,

    /// <summary>Any other: a model's, a report's.</summary>
    File,
}
