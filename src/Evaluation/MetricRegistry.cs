using DiffusionBatch.Evaluation.Matching;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Summarization;
using DiffusionBatch.Evaluation.Translation;

namespace DiffusionBatch.Evaluation;

/// <summary>The metrics by name: reads their options and makes them.</summary>
public static class MetricRegistry
{
    /// <summary>The name that stands for a cell's cost, which is no score of texts.</summary>
    public const string Cost = "cost";

    static readonly OrderedDictionary<string, Func<OptionReader, MetricFactory>> s_metrics =
        new([.. TranslationMetrics.All, .. SummarizationMetrics.All, .. MatchingMetrics.All, .. DistributionMetrics.All], StringComparer.Ordinal);

    /// <summary>Every metric that can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_metrics.Keys, Cost];

    /// <summary>Reads what is asked for.</summary>
    /// <exception cref="MetricException">A metric or option is unknown, a value is wrong, or two metrics have one name.</exception>
    public static MetricPlan Plan(IEnumerable<MetricSpec> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        var problems = new List<string>();
        var factories = new List<Func<BootstrapOptions?, IMetric>>();
        var labels = new HashSet<string>(StringComparer.Ordinal);
        CostOptions? cost = null;
        foreach (var spec in specs)
        {
            if (!labels.Add(spec.Label)) problems.Add($"metric \"{spec.Label}\" is there twice; give one of them another name by \"as\".");
            var options = new OptionReader(spec, problems);
            if (spec.Name == Cost)
            {
                cost = new CostOptions(options.Number("pricePerHour", 0, 1_000_000_000), options.Text("currency"));
            }
            else if (s_metrics.TryGetValue(spec.Name, out var read))
            {
                var make = read(options);
                factories.Add(bootstrap => make(spec.Label, bootstrap));
            }
            else
            {
                problems.Add($"unknown metric \"{spec.Name}\"; available: {string.Join(", ", Names)}.");
                continue;
            }
            options.Finish();
        }
        return problems.Count == 0 ? new MetricPlan(factories, cost) : throw new MetricException(problems);
    }
}
