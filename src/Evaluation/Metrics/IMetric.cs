namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Scores a system's outputs, a segment at a time. Not safe across threads.</summary>
public interface IMetric
{
    /// <summary>The name under which the report shows it.</summary>
    string Name { get; }

    /// <summary>Takes in one segment.</summary>
    /// <param name="hypothesis">The system's output.</param>
    /// <param name="references">At least one; the metric says how several count.</param>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    void Add(string hypothesis, IReadOnlyList<string> references);

    /// <summary>Takes in one item, with whatever else is known of it.</summary>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    /// <exception cref="MetricException">The metric needs something that isn't known of this item.</exception>
    /// <exception cref="OperationCanceledException">The item's work was cancelled; the metric is of no use any more.</exception>
    void Add(in MetricItem item) => Add(item.Hypothesis, item.References);

    /// <summary>The score of all segments so far.</summary>
    MetricScore Score();
}
