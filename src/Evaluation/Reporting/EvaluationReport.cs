using DiffusionBatch.Evaluation.Statistics;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>All that a report shows.</summary>
/// <param name="Name">The evaluation's name.</param>
/// <param name="Cells">The cells of the sweep, in its order.</param>
/// <param name="Items">The items to show with their texts: the first, as many as a page can hold.</param>
/// <param name="TotalItems">How many items were scored.</param>
public sealed record EvaluationReport(string Name, IReadOnlyList<ReportCell> Cells, IReadOnlyList<ReportItem> Items, long TotalItems)
{
    /// <summary>What the reader should know of the data: items without a prediction, predictions without a reference.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The cells whose predictions and references didn't all pair up.</summary>
    public IReadOnlyList<CellJoin> Joins { get; init; } = [];

    /// <summary>How cells differ.</summary>
    public IReadOnlyList<CellComparison> Comparisons { get; init; } = [];

    /// <summary>The traces that can be played; null where there are none.</summary>
    public ReportTraces? Traces { get; init; }

    /// <summary>The metrics' names, in the order to show them.</summary>
    public IReadOnlyList<string> Metrics => [.. Cells.SelectMany(c => c.Metrics).Select(m => m.Key).Distinct(StringComparer.Ordinal)];

    /// <summary>How intervals and comparisons were found; null where neither was asked for.</summary>
    public ComparisonOptions? Statistics { get; init; }
}
