using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Metrics;

public sealed class MetricRegistryTests
{
    static MetricSpec Spec(string name, string? label = null, params (string Name, object? Value)[] options) =>
        new(name, label, options.ToDictionary(o => o.Name, o => o.Value));

    static string Signature(MetricSpec spec)
    {
        var metric = MetricRegistry.Plan([spec]).Create(null)[0];
        metric.Add("a b", ["a c"]);
        return metric.Score().Signature;
    }

    [Fact]
    public void Options_reach_the_metric()
    {
        Assert.Equal("nrefs:1|case:lc|eff:yes|tok:intl|smooth:floor[0.25]|version:2.6.0",
            Signature(Spec("bleu", null, ("tokenize", "intl"), ("smoothMethod", "floor"), ("smoothValue", 0.25), ("lowercase", true), ("effectiveOrder", true))));
        Assert.Equal("nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0", Signature(Spec("chrf++")));
        Assert.Equal("nrefs:1|case:mixed|eff:no|nc:4|nw:1|space:yes|version:2.6.0", Signature(Spec("chrf", null, ("charOrder", 4), ("wordOrder", 1.0), ("whitespace", true), ("epsSmoothing", true), ("lowercase", null))));
        Assert.Equal("nrefs:1|case:mixed|tok:tercom|norm:yes|punct:no|asian:yes|version:2.6.0", Signature(Spec("ter", null, ("normalized", true), ("noPunct", true), ("asianSupport", true), ("caseSensitive", true))));
        Assert.Equal("nrefs:1|case:lc|tok:rouge_score|stem:yes|agg:mean", Signature(Spec("rougeLsum", null, ("stemmer", true))));
        Assert.Equal("nrefs:1|case:lc|tok:unicode|stem:no|agg:mean", Signature(Spec("rouge1", null, ("tokenize", "unicode"))));
        Assert.Equal("nrefs:1|match:lm-eval-flexible", Signature(Spec("lastNumber", null, ("extract", "lm-eval-flexible"))));
        Assert.Equal("nrefs:1|match:last-number", Signature(Spec("lastNumber", null, ("extract", "reader"))));
        Assert.Equal("nrefs:1|match:lm-eval-mmlu-pro", Signature(Spec("choice", null, ("extract", "lm-eval-mmlu-pro"))));
        Assert.Equal("nrefs:1|tok:zh", Signature(Spec("lengthRatio", null, ("tokenize", "zh"))));
        Assert.Equal("nrefs:1|case:lc|unit:char|norm:longer", Signature(Spec("editDistance", null, ("lowercase", true))));
        Assert.Equal("nrefs:1|case:lc", Signature(Spec("exactMatch", null, ("lowercase", true))));
    }

    [Fact]
    public void Labels_and_cost_are_kept_apart()
    {
        var plan = MetricRegistry.Plan([Spec("bleu"), Spec("bleu", "bleu-intl", ("tokenize", "intl")), Spec("cost")]);
        Assert.Equal(new CostOptions(), plan.Cost);
        Assert.Equal(new CostOptions(2.5, "EUR"), MetricRegistry.Plan([Spec("cost", null, ("pricePerHour", 2.5), ("currency", "EUR"))]).Cost);
        Assert.Equal(["bleu", "bleu-intl"], plan.Create(null).Select(m => m.Name));
        Assert.NotSame(plan.Create(null)[0], plan.Create(null)[0]);
        Assert.Null(MetricRegistry.Plan([Spec("bleu")]).Cost);
    }

    [Fact]
    public void Every_problem_is_reported_at_once()
    {
        var e = Assert.Throws<MetricException>(() => MetricRegistry.Plan([
            Spec("meteor"),
            Spec("mauve"),
            Spec("bleu", null, ("tokenize", "ja-mecab"), ("smoothValue", "x"), ("stemmer", true)),
            Spec("chrf", null, ("wordOrder", 1.5), ("lowercase", "yes")),
            Spec("exactMatch", "chrf"),
            Spec("cost", null, ("detail", true)),
        ]));
        Assert.Equal([
            $"unknown metric \"meteor\"; available: {string.Join(", ", MetricRegistry.Names)}.",
            "metric \"mauve\": features is missing; expected a file of feature vectors, or a folder with one per cell.",
            "metric \"mauve\": referenceFeatures is missing; expected a file of feature vectors.",
            "metric \"bleu\": tokenize is \"ja-mecab\"; expected one of 13a, intl, char, none, zh.",
            "metric \"bleu\": smoothValue is \"x\"; expected a number from 0 to 1000.",
            "metric \"bleu\": unknown option \"stemmer\"; bleu has tokenize, smoothMethod, smoothValue, lowercase, effectiveOrder.",
            "metric \"chrf\": wordOrder is 1.5; expected an integer from 0 to 100.",
            "metric \"chrf\": lowercase is \"yes\"; expected true or false.",
            "metric \"chrf\" is there twice; give one of them another name by \"as\".",
            "metric \"cost\": unknown option \"detail\"; cost has pricePerHour, currency.",
        ], e.Problems);
    }
}
