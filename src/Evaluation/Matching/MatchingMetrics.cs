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
        new("lastNumber", options => LastNumber(options.Choice("extract", LastNumberMetric.Reader, LastNumberMetric.Rules))),
        new("choice", options => Choice(options.Choice("extract", LastNumberMetric.Reader, ChoiceMetric.Rules))),
        new("editDistance", options => EditDistance(options.Flag("lowercase"))),
        new("lengthRatio", options => LengthRatio(options.Choice("tokenize", "13a", SegmentTokenizer.Names))),
    ];

    static MetricFactory ExactMatch(bool lowercase) => (label, bootstrap) => new ExactMatchMetric(lowercase, label, bootstrap);

    static MetricFactory LastNumber(string extract) => (label, bootstrap) => new LastNumberMetric(extract, label, bootstrap);

    static MetricFactory Choice(string extract) => (label, bootstrap) => new ChoiceMetric(extract, label, bootstrap);

    static MetricFactory EditDistance(bool lowercase) => (label, bootstrap) => new EditDistanceMetric(lowercase, label, bootstrap);

    static MetricFactory LengthRatio(string tokenize) => (label, bootstrap) => new LengthRatioMetric(tokenize, label, bootstrap);
}
