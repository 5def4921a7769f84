namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>A metric whose options name files beside the predictions.</summary>
public interface IFileMetric : IMetric
{
    /// <summary>Reads what belongs to a cell; to be called once, before the first item.</summary>
    /// <param name="root">The folder that the options' paths are relative to.</param>
    /// <param name="cell">The cell's name.</param>
    /// <exception cref="MetricException">A file is missing or can't be used.</exception>
    void Open(string root, string cell);
}
