using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Matching;

/// <summary>Reads the options of the metrics that compare whole answers.</summary>
internal static class MatchingMetrics
{
    /// <summary>The metrics by name.</summary>
    public static IEnumerable<KeyValuePair<string, Func<OptionReader, MetricFactory>>> All { get; } =
    [
        new("exactMatch", options => ExactMatch(options.Flag("lowercase"))),
        new("tokenF1", _ => (label, bootstrap) => new TokenF1Metric(label, bootstrap)),
        new("lastNumber", _ => (label, bootstrap) => new LastNumberMetric(label, bootstrap)),
        new("choice", _ => (label, bootstrap) => new ChoiceMetric(label, bootstrap)),
        new("editDistance", options => EditDistance(options.Flag("lowercase"))),
        new("lengthRatio", options => LengthRatio(options.Choice("tokenize", "13a", SegmentTokenizer.Names))),
    ];

    static MetricFactory ExactMatch(bool lowercase) => (label, bootstrap) => new ExactMatchMetric(lowercase, label, bootstrap);

    static MetricFactory EditDistance(bool lowercase) => (label, bootstrap) => new EditDistanceMetric(lowercase, label, bootstrap);

    static MetricFactory LengthRatio(string tokenize) => (label, bootstrap) => new LengthRatioMetric(tokenize, label, bootstrap);
}
