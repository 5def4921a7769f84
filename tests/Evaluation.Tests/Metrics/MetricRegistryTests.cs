using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Metrics;

public sealed class MetricRegistryTests
{
    static string Signature(MetricSpec spec)
    {
        var metric = MetricRegistry.Plan([spec]).Create(null)[0];
        metric.Add("a b", ["a c"]);
        return metric.Score().Signature;
    }

    static IReadOnlyList<string> Problems(params MetricSpec[] specs) =>
        Assert.Throws<MetricException>(() => MetricRegistry.Plan(specs)).Problems;

    [Fact]
    public void What_everybody_knows_of_the_metrics_is_what_their_types_say() =>
        Assert.Equal(StrategyCatalog.Write(MetricRegistry.Cards), StrategyCatalog.Write(StrategyCatalog.Of(StrategyKind.Metric)));

    [Fact]
    public void Options_reach_the_metric()
    {
        Assert.Equal("nrefs:1|case:lc|eff:yes|tok:intl|smooth:floor[0.25]|version:2.6.0",
            Signature(new()
            {
                Name = "bleu",
                Tokenize = BleuTokenization.Intl,
                SmoothMethod = BleuSmoothing.Floor,
                SmoothValue = 0.25,
                Lowercase = true,
                EffectiveOrder = true
            }));
        Assert.Equal("nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0", Signature(new() { Name = "chrf++" }));
        Assert.Equal("nrefs:1|case:mixed|eff:no|nc:4|nw:1|space:yes|version:2.6.0",
            Signature(new() { Name = "chrf", CharOrder = 4, WordOrder = 1, Whitespace = true, EpsSmoothing = true, Lowercase = null }));
        Assert.Equal("nrefs:1|case:mixed|tok:tercom|norm:yes|punct:no|asian:yes|version:2.6.0",
            Signature(new() { Name = "ter", Normalized = true, NoPunct = true, AsianSupport = true, CaseSensitive = true }));
        Assert.Equal("nrefs:1|case:lc|tok:rouge_score|stem:yes|agg:mean", Signature(new() { Name = "rougeLsum", Stemmer = true }));
        Assert.Equal("nrefs:1|case:lc|tok:unicode|stem:no|agg:mean",
            Signature(new() { Name = "rouge1", Tokenize = BleuTokenization.Unicode }));
        Assert.Equal("nrefs:1|match:lm-eval-flexible", Signature(new() { Name = "lastNumber", Extract = AnswerExtraction.LmEvalFlexible }));
        Assert.Equal("nrefs:1|match:last-number", Signature(new() { Name = "lastNumber", Extract = AnswerExtraction.Reader }));
        Assert.Equal("nrefs:1|match:lm-eval-mmlu-pro", Signature(new() { Name = "choice", Extract = AnswerExtraction.LmEvalMmluPro }));
        Assert.Equal("nrefs:1|tok:zh", Signature(new() { Name = "lengthRatio", Tokenize = BleuTokenization.Zh }));
        Assert.Equal("nrefs:1|case:lc|unit:char|norm:longer", Signature(new() { Name = "editDistance", Lowercase = true }));
        Assert.Equal("nrefs:1|case:lc", Signature(new() { Name = "exactMatch", Lowercase = true, References = "others.jsonl" }));
    }

    [Fact]
    public void Labels_and_cost_are_kept_apart()
    {
        var plan =
            MetricRegistry.Plan([new() { Name = "bleu" }, new() { Name = "bleu", As = "bleu-intl", Tokenize = BleuTokenization.Intl },
                new() { Name = "cost" }]);
        var cost = new CellCost(2_000, 10, 20, 3_600);
        Assert.Equal(cost, plan.Cost!.Priced(cost));
        var priced = MetricRegistry.Plan([new() { Name = "cost", PricePerHour = 2.5, Currency = "EUR" }]).Cost!.Priced(cost);
        Assert.Equal((2.5, "EUR", 1.25), (priced.PricePerHour, priced.Currency, priced.PricePerThousandItems!.Value));
        Assert.Equal(["bleu", "bleu-intl"], plan.Create(null).Select(m => m.Name));
        Assert.NotSame(plan.Create(null)[0], plan.Create(null)[0]);
        Assert.Null(MetricRegistry.Plan([new() { Name = "bleu" }]).Cost);
    }

    [Fact]
    public void Every_problem_is_reported_at_once()
    {
        Assert.Equal([
            $"unknown metric \"meteor\"; available: {string.Join(", ", MetricRegistry.Cards.Select(c => c.Name))}.",
            "metric \"mauve\": features is missing; expected \"model\" or the predictions' feature vectors: JSONL of `features`, or a "
                + "safetensors file with one tensor (n, d), or a folder with such a file per cell, named as the cell.",
            "metric \"mauve\": referenceFeatures is missing; expected \"model\" or the references' feature vectors, a file as for "
                + "`features`.",
            "metric \"bleu\": tokenize is \"ids\"; expected one of 13a, intl, char, none, zh.",
            "metric \"bleu\": smoothValue is 1000.5; expected a number from 0 to 1000.",
            "metric \"bleu\": unknown option \"stemmer\"; bleu has tokenize, smoothMethod, smoothValue, lowercase, effectiveOrder, "
                + "references.",
            "metric \"chrf\": wordOrder is 11; expected an integer from 0 to 10.",
            "metric \"chrf\": beta is NaN; expected a number from 0 to 1000.",
            "metric \"chrf\" is there twice; give one of them another name by \"as\".",
            "metric \"cost\": unknown option \"lowercase\"; cost has pricePerHour, currency.",
        ], Problems(
            new() { Name = "meteor" },
            new() { Name = "mauve" },
            new()
            {
                Name = "bleu",
                Tokenize = BleuTokenization.Ids,
                SmoothMethod = BleuSmoothing.AddK,
                SmoothValue = 1000.5,
                Stemmer = true
            },
            new() { Name = "chrf", WordOrder = 11, Beta = double.NaN },
            new() { Name = "exactMatch", As = "chrf" },
            new() { Name = "cost", Lowercase = false }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(BleuSmoothing.Exp)]
    [InlineData(BleuSmoothing.None)]
    public void A_setting_of_another_ones_value_is_refused_without_it(BleuSmoothing? method) => Assert.Equal(
        ["metric \"bleu\": smoothValue is for the smoothMethod \"floor\" or \"add-k\" only."],
        Problems(new MetricSpec { Name = "bleu", SmoothMethod = method, SmoothValue = 1 }));

    [Theory]
    [InlineData("lastNumber", AnswerExtraction.LmEvalMmluPro, "reader, lm-eval-strict, lm-eval-flexible")]
    [InlineData("choice", AnswerExtraction.LmEvalStrict, "reader, lm-eval-mmlu-pro")]
    public void A_metric_takes_its_own_values_of_a_setting_alone(string name, AnswerExtraction extract, string values) => Assert.Equal(
        [$"metric \"mine\": extract is \"{Contracts.Fields.EnumText.Of(extract)}\"; expected one of {values}."],
        Problems(new MetricSpec { Name = name, As = "mine", Extract = extract }));

    [Fact]
    public void A_type_of_another_assembly_is_a_metric_like_others()
    {
        MetricSpec spec = new() { Name = "brief", As = "short", Window = 3 };
        using (MetricRegistry.Scores.Add(typeof(ToyMetric)))
        {
            var metric = Assert.Single(MetricRegistry.Plan([spec]).Create(new BootstrapOptions(1, 50)));
            foreach (string text in (string[])["", "abc", "abcd", "a"]) metric.Add(text, ["r"]);
            var score = metric.Score();
            Assert.Equal(("short", 75, "window:3"), (metric.Name, score.Score, score.Signature));
            Assert.InRange(score.Score, score.Low!.Value, score.High!.Value);
            Assert.Contains(StrategyCatalog.Of(StrategyKind.Metric), c => c.Name == "brief");
            Assert.Equal([
                "metric \"brief\": unknown option \"lowercase\"; brief has window, level.",
                "metric \"brief\": level is \"corpus\"; expected one of sequence.",
                "metric \"brief\": window is missing; expected how many words back count.",
            ], Problems(new MetricSpec { Name = "brief", Lowercase = true, Level = CountingLevel.Corpus }));
        }
        Assert.Equal($"unknown metric \"brief\"; available: {string.Join(", ", MetricRegistry.Cards.Select(c => c.Name))}.",
            Assert.Single(Problems(spec)));
        Assert.Null(StrategyCatalog.Find(StrategyKind.Metric, "brief"));
    }
}
