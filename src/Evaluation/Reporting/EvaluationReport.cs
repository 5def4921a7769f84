using DiffusionBatch.Evaluation.Statistics;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>All that a report shows.</summary>
/// <param name="Name">The evaluation's name.</param>
/// <param name="Cells">The cells of the sweep, in its order.</param>
/// <param name="Items">The items to show with their texts, usually the first few.</param>
/// <param name="TotalItems">How many items were scored.</param>
public sealed record EvaluationReport(string Name, IReadOnlyList<ReportCell> Cells, IReadOnlyList<ReportItem> Items, long TotalItems)
{
    /// <summary>What the reader should know of the data: items without a prediction, predictions without a reference.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The cells whose predictions and references didn't all pair up.</summary>
    public IReadOnlyList<CellJoin> Joins { get; init; } = [];

    /// <summary>How cells differ.</summary>
    public IReadOnlyList<CellComparison> Comparisons { get; init; } = [];

    /// <summary>How intervals and comparisons were found; null where neither was asked for.</summary>
    public ComparisonOptions? Statistics { get; init; }
}
