using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Summarization;

/// <summary>Reads the options of ROUGE.</summary>
internal static class SummarizationMetrics
{
    /// <summary>The metrics by name.</summary>
    public static IEnumerable<KeyValuePair<string, Func<OptionReader, MetricFactory>>> All { get; } =
    [
        new("rouge1", options => Read(options, RougeVariant.Rouge1)),
        new("rouge2", options => Read(options, RougeVariant.Rouge2)),
        new("rougeL", options => Read(options, RougeVariant.RougeL)),
        new("rougeLsum", options => Read(options, RougeVariant.RougeLsum)),
    ];

    static MetricFactory Read(OptionReader options, RougeVariant variant)
    {
        bool stemmer = options.Flag("stemmer");
        string tokenize = options.Choice("tokenize", RougeMetric.RougeScoreWords, RougeMetric.Tokenizers);
        return (label, bootstrap) => new RougeMetric(variant, stemmer, tokenize, label, bootstrap);
    }
}
