namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Metrics or their options that can't be had; every problem is in the list.</summary>
/// <param name="problems">What is wrong, each with what would be right.</param>
public sealed class MetricException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>What is wrong, each with what would be right.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
