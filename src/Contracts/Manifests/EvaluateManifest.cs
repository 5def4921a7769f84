using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>An evaluate job: scores predictions against references.</summary>
public sealed record EvaluateManifest : WorkManifest
{
    /// <inheritdoc/>
    public override JobKind Kind => JobKind.Evaluate;

    /// <summary>A results folder (each subfolder a cell) or one JSONL file.</summary>
    [Field("A results folder, each subfolder of which is scored by itself, or one JSONL file of `id` and `text`.")]
    [Path(PathRole.Input)]
    public required string Predictions { get; init; }

    /// <summary>JSONL with the targets.</summary>
    [Field("A JSONL file whose lines have `id` and `target`, a text or a list of texts.")]
    [Path(PathRole.InputFile)]
    public required string References { get; init; }

    /// <summary>The metrics, with distinct labels.</summary>
    [Field("The metrics: names, or objects with a name and options.")]
    [Count(1)]
    public IReadOnlyList<MetricSpec> Metrics { get; init; } =
        [new() { Name = "bleu" }, new() { Name = "chrf" }, new() { Name = "exactMatch" }, new() { Name = "cost" }];

    /// <summary>Intervals and comparisons.</summary>
    [Field("Intervals of scores and comparisons of cells.")]
    public StatisticsSettings Statistics { get; init; } = new();
}

/// <summary>Which cells of an evaluation are compared with each other.</summary>
public enum ComparedCells
{
    /// <summary>Each with the best one.</summary>
    Best,

    /// <summary>All with all.</summary>
    All,

    /// <summary>None.</summary>
    None,
}

/// <summary>Intervals of scores and comparisons of cells.</summary>
public sealed record StatisticsSettings
{
    /// <summary>How many corpora are drawn.</summary>
    [Field("How many corpora are drawn for intervals and the paired bootstrap, and trials of the randomisation; 0 for no intervals and no comparisons.")]
    [Within(0, 100000)]
    public int Resamples { get; init; } = 1_000;

    /// <summary>Which cells are compared.</summary>
    [Field("Which cells are compared item by item, metric by metric: each with the one that scores best, all with all, or none.")]
    public ComparedCells Compare { get; init; }
}
