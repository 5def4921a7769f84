using DiffusionBatch.Evaluation.Diversity;
using DiffusionBatch.Evaluation.Likelihood;
using DiffusionBatch.Evaluation.Mauve;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation;

/// <summary>Reads the options of the metrics that describe a distribution of texts.</summary>
internal static class DistributionMetrics
{
    static readonly string[] s_levels = ["corpus", "sequence"];
    static readonly string[] s_aggregations = ["tokens", "sequences", "exponentials"];

    /// <summary>The metrics by name.</summary>
    public static IEnumerable<KeyValuePair<string, Func<OptionReader, MetricFactory>>> All { get; } =
    [
        new("distinct1", options => Distinct(options, order: 1)),
        new("distinct2", options => Distinct(options, order: 2)),
        new("entropy", Entropy),
        new("repetition", Repetition),
        new("mauve", Mauve),
        new("perplexity", Perplexity),
    ];

    static MetricFactory Distinct(OptionReader options, int order)
    {
        var (tokenize, lowercase) = Tokens(options);
        return options.Choice("level", "corpus", s_levels) == "corpus"
            ? (label, bootstrap) => new DistinctMetric(order, tokenize, lowercase, label, bootstrap)
            : (label, bootstrap) => new DistinctSequenceMetric(order, tokenize, lowercase, label, bootstrap);
    }

    static MetricFactory Entropy(OptionReader options)
    {
        var (tokenize, lowercase) = Tokens(options);
        return (label, bootstrap) => new EntropyMetric(tokenize, lowercase, label, bootstrap);
    }

    static MetricFactory Repetition(OptionReader options)
    {
        var (tokenize, lowercase) = Tokens(options);
        int window = options.Integer("window", RepetitionMetric.DefaultWindow, 1, 1_000_000);
        return (label, bootstrap) => new RepetitionMetric(window, tokenize, lowercase, label, bootstrap);
    }

    static MetricFactory Perplexity(OptionReader options)
    {
        string? likelihoods = options.Text("likelihoods");
        var aggregation = (PerplexityAggregation)Array.IndexOf(s_aggregations, options.Choice("aggregation", "tokens", s_aggregations));
        return (label, bootstrap) => new PerplexityMetric(likelihoods, aggregation, label, bootstrap);
    }

    static MetricFactory Mauve(OptionReader options)
    {
        string features = options.Required("features", "a file of feature vectors, or a folder with one per cell"), references = options.Required("referenceFeatures", "a file of feature vectors");
        var usual = new MauveOptions();
        double buckets = options.Number("numBuckets", 2, 100_000) ?? 0;
        var read = new MauveOptions
        {
            NumBuckets = buckets == 0 ? null : (int)buckets,
            KmeansExplainedVar = options.Number("kmeansExplainedVar", 0.01, 1) ?? usual.KmeansExplainedVar,
            KmeansNumRedo = options.Integer("kmeansNumRedo", usual.KmeansNumRedo, 1, 100),
            KmeansMaxIter = options.Integer("kmeansMaxIter", usual.KmeansMaxIter, 1, 100_000),
            MauveScalingFactor = options.Number("mauveScalingFactor", 0.01, 1_000) ?? usual.MauveScalingFactor,
            Seed = options.Integer("seed", (int)usual.Seed, 0, int.MaxValue),
            Seeds = options.Integer("seeds", usual.Seeds, 1, 100),
        };
        return (label, bootstrap) => new MauveMetric(features, references, read, label, bootstrap);
    }

    static (string Tokenize, bool Lowercase) Tokens(OptionReader options) => (options.Choice("tokenize", "13a", TokenSource.Names), options.Flag("lowercase"));
}
