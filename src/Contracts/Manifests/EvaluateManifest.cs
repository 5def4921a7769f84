using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>An evaluate job: scores predictions against references.</summary>
public sealed record EvaluateManifest : WorkManifest
{
    /// <inheritdoc/>
    public override JobKind Kind => JobKind.Evaluate;

    /// <summary>A results folder (each subfolder a cell) or one JSONL file.</summary>
    [Field("A results folder, each subfolder of which is scored by itself; a folder of several results folders, whose cells are then "
        + "named `RESULTS/CELL`; or one JSONL file of `id` and `text`.")]
    [Path(PathRole.Input)]
    public required string Predictions { get; init; }

    /// <summary>JSONL with the targets.</summary>
    [Field("A JSONL file whose lines have `id` and `target`, a text or a list of texts; for `choiceLikelihood` also `choices`, the texts "
        + "of which the target is the right one.")]
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

    /// <summary>Claims to test; null for none.</summary>
    [Field("Claims that cells score better than others; the report says of each whether it holds, doesn't hold or is underpowered.",
        Default = "none")]
    [Count(1)]
    public IReadOnlyList<Finding>? Findings { get; init; }
}

/// <summary>
/// A claim that some cells score better than others. It holds where the 95 % interval of the difference lies above
/// <see cref="By"/>, doesn't hold where it lies below, and is underpowered where it doesn't tell.
/// </summary>
public sealed record Finding
{
    /// <summary>The claim as a sentence.</summary>
    [Field("The claim, in a sentence.")]
    public required string Claim { get; init; }

    /// <summary>The metric's label.</summary>
    [Field("The label of the metric that decides; better is what this metric calls better.")]
    public required string Metric { get; init; }

    /// <summary>The cells that are claimed to be better, one a seed.</summary>
    [Field("The cells that are claimed to score better: one, or one a seed.")]
    [Count(1)]
    public required IReadOnlyList<string> Better { get; init; }

    /// <summary>The cells that they are compared with, pair by pair.</summary>
    [Field("The cells that they are compared with, pair by pair.")]
    [Count(1)]
    public required IReadOnlyList<string> Than { get; init; }

    /// <summary>The least difference.</summary>
    [Field("By how much they are claimed to be better, at least; a negative number claims that they are no more than so much worse.")]
    [Within(-1e9, 1e9)]
    public double By { get; init; }
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
    [Field("How many corpora are drawn for intervals and the paired bootstrap, and trials of the randomisation; 0 for no intervals and "
        + "no comparisons.")]
    [Within(0, 100000)]
    public int Resamples { get; init; } = 1_000;

    /// <summary>Which cells are compared.</summary>
    [Field("Which cells are compared item by item, metric by metric: each with the one that scores best, all with all, or none.")]
    public ComparedCells Compare { get; init; }
}
