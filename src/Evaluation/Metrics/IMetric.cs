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

    /// <summary>The score of all segments so far.</summary>
    MetricScore Score();
}
