namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Feature vectors, row after row.</summary>
/// <param name="Rows">The number of vectors.</param>
/// <param name="Columns">The numbers of a vector.</param>
/// <param name="Values">(Rows, Columns).</param>
public sealed record FeatureMatrix(int Rows, int Columns, double[] Values)
{
    /// <summary>A vector.</summary>
    public Span<double> Row(int row) => Values.AsSpan(row * Columns, Columns);
}
