namespace DiffusionBatch.Evaluation.Reporting.Charts;

/// <summary>A point of a chart with its interval.</summary>
/// <param name="X">Where it stands; above 0.</param>
/// <param name="Y">How high.</param>
/// <param name="Low">The interval's lower end, or null.</param>
/// <param name="High">The interval's upper end, or null.</param>
/// <param name="Label">What it is.</param>
internal sealed record ChartPoint(double X, double Y, double? Low, double? High, string Label);
