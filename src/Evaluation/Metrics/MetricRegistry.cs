using DiffusionBatch.Evaluation.Matching;
using DiffusionBatch.Evaluation.Text;
using DiffusionBatch.Evaluation.Translation;

namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>The metrics by name: reads their options and makes them.</summary>
public static class MetricRegistry
{
    /// <summary>The name that stands for a cell's cost, which is no score of texts.</summary>
    public const string Cost = "cost";

    delegate IMetric Make(string label, BootstrapOptions? bootstrap);

    static readonly string[] s_smoothings = ["exp", "floor", "add-k", "none"];

    static readonly Dictionary<string, Func<OptionReader, Make>> s_metrics = new(StringComparer.Ordinal)
    {
        ["bleu"] = ReadBleu,
        ["chrf"] = options => ReadChrf(options, wordOrder: 0),
        ["chrf++"] = options => ReadChrf(options, wordOrder: 2),
        ["exactMatch"] = ReadExactMatch,
        ["lengthRatio"] = ReadLengthRatio,
    };

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
        bool cost = false;
        foreach (var spec in specs)
        {
            if (!labels.Add(spec.Label)) problems.Add($"metric \"{spec.Label}\" is there twice; give one of them another name by \"as\".");
            var options = new OptionReader(spec, problems);
            if (spec.Name == Cost)
            {
                cost = true;
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

    static Make ReadBleu(OptionReader options)
    {
        var read = new BleuOptions
        {
            Tokenize = options.Choice("tokenize", "13a", SegmentTokenizer.Names),
            SmoothMethod = (BleuSmoothing)Array.IndexOf(s_smoothings, options.Choice("smoothMethod", "exp", s_smoothings)),
            SmoothValue = options.Number("smoothValue", 0, 1_000),
            Lowercase = options.Flag("lowercase"),
            EffectiveOrder = options.Flag("effectiveOrder"),
        };
        return (label, bootstrap) => new BleuMetric(read, label, bootstrap);
    }

    static Make ReadChrf(OptionReader options, int wordOrder)
    {
        var read = new ChrfOptions
        {
            CharOrder = options.Integer("charOrder", 6, 1, 100),
            WordOrder = options.Integer("wordOrder", wordOrder, 0, 100),
            Beta = options.Number("beta", 0, 1_000) ?? 2,
            Lowercase = options.Flag("lowercase"),
            Whitespace = options.Flag("whitespace"),
            EpsSmoothing = options.Flag("epsSmoothing"),
        };
        return (label, bootstrap) => new ChrfMetric(read, label, bootstrap);
    }

    static Make ReadExactMatch(OptionReader options)
    {
        bool lowercase = options.Flag("lowercase");
        return (label, bootstrap) => new ExactMatchMetric(lowercase, label, bootstrap);
    }

    static Make ReadLengthRatio(OptionReader options)
    {
        string tokenize = options.Choice("tokenize", "13a", SegmentTokenizer.Names);
        return (label, bootstrap) => new LengthRatioMetric(tokenize, label, bootstrap);
    }
}
