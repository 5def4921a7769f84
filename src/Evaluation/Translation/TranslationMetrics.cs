using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Translation;

/// <summary>Reads the options of the translation metrics, which are sacreBLEU's.</summary>
internal static class TranslationMetrics
{
    static readonly string[] s_smoothings = ["exp", "floor", "add-k", "none"];

    /// <summary>The metrics by name.</summary>
    public static IEnumerable<KeyValuePair<string, Func<OptionReader, MetricFactory>>> All { get; } =
    [
        new("bleu", ReadBleu),
        new("chrf", options => ReadChrf(options, wordOrder: 0)),
        new("chrf++", options => ReadChrf(options, wordOrder: 2)),
        new("ter", ReadTer),
    ];

    static MetricFactory ReadBleu(OptionReader options)
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

    static MetricFactory ReadChrf(OptionReader options, int wordOrder)
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

    static MetricFactory ReadTer(OptionReader options)
    {
        var read = new TerOptions
        {
            Normalized = options.Flag("normalized"),
            NoPunct = options.Flag("noPunct"),
            AsianSupport = options.Flag("asianSupport"),
            CaseSensitive = options.Flag("caseSensitive"),
        };
        return (label, bootstrap) => new TerMetric(read, label, bootstrap);
    }
}
