namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>A metric that needs more of an item than its texts; it can be asked before any is scored.</summary>
public interface IDemandingMetric : IMetric
{
    /// <summary>What an item lacks, in a sentence without the item's name; null where it can be scored. A metric of files is opened first.</summary>
    /// <param name="item">The item.</param>
    string? Lack(in MetricItem item);
}
