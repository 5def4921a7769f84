namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>A metric that may have something to say about the items behind its score.</summary>
public interface INotingMetric : IMetric
{
    /// <summary>What the reader of the score should know, in sentences without full stops that begin with the metric's name.</summary>
    IEnumerable<string> Notes();
}
