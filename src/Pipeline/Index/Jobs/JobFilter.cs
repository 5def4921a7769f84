using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Which jobs a list shows. Without a parent the jobs of pipelines are left out, unless asked for.</summary>
public sealed record JobFilter
{
    /// <summary>One of these states, or any.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>One kind, or any.</summary>
    public JobKind? Kind { get; init; }

    /// <summary>The name, exactly, or any.</summary>
    public string? Name { get; init; }

    /// <summary>The jobs of this pipeline only.</summary>
    public string? ParentId { get; init; }

    /// <summary>Whether the jobs of pipelines are shown beside their parents.</summary>
    public bool Children { get; init; }
}

/// <summary>A page of a list of jobs.</summary>
/// <param name="Jobs">The jobs, the newest first.</param>
/// <param name="Next">What to pass for the next page, or null at the end. Jobs that come in between don't move it.</param>
public sealed record JobPage(IReadOnlyList<JobRow> Jobs, string? Next);
