namespace DiffusionBatch.Evaluation.Statistics;

/// <summary>Two cells' scores of one metric over the items that both have.</summary>
/// <param name="Metric">The metric's name in the report.</param>
/// <param name="First">One cell.</param>
/// <param name="Second">The other.</param>
/// <param name="Items">The items that both have.</param>
/// <param name="Difference">The first's score less the second's, over these items.</param>
/// <param name="Low">The lower end of the difference's 95 % bootstrap interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Bootstrap">The paired bootstrap.</param>
/// <param name="Randomization">Approximate randomisation.</param>
public sealed record CellComparison(
    string Metric, string First, string Second, int Items, double Difference, double Low, double High, PairedTest Bootstrap, PairedTest Randomization);
