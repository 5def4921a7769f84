namespace DiffusionBatch.Evaluation.Reporting.Charts;

/// <summary>The points of one line, from left to right.</summary>
internal sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points);
