namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>A metric whose score is made of sums over segments, so that corpora drawn from the segments can be scored too.</summary>
public interface IResampledMetric : IMetric
{
    /// <summary>The segments so far; null where intervals were not asked for, for then none are kept.</summary>
    SegmentTable? Table();

    /// <summary>The score of a corpus from its segments' sums; may be called from several threads.</summary>
    double Evaluate(ReadOnlySpan<double> sums);
}
