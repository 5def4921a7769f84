using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Likelihood;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Likelihood;

public sealed class PerplexityTests
{
    static MetricItem Item(string id, double? logLikelihood, long? tokens, string text = "t") =>
        new(id, text, ["r"]) { LogLikelihood = logLikelihood, Tokens = tokens };

    static PerplexityMetric Metric(string? likelihoods = null, PerplexityAggregation? aggregation = null) =>
        new(new MetricSpec { Name = "perplexity", Likelihoods = likelihoods, Aggregation = aggregation }, null);

    static double Score(PerplexityAggregation aggregation, params MetricItem[] items)
    {
        var metric = Metric(aggregation: aggregation);
        foreach (var item in items) metric.Add(item);
        return metric.Score().Score;
    }

    [Fact]
    public void The_three_ways_to_aggregate()
    {
        MetricItem[] items = [Item("a", -10, 5), Item("b", -9, 3), Item("c", null, null, ""), Item("d", 0, 0)];
        Golden.Same(Math.Exp(19.0 / 8), Score(PerplexityAggregation.Tokens, items));
        Golden.Same(Math.Exp((2.0 + 3) / 2), Score(PerplexityAggregation.Sequences, items));
        Golden.Same((Math.Exp(2) + Math.Exp(3)) / 2, Score(PerplexityAggregation.Exponentials, items));
        Assert.True(double.IsNaN(Score(PerplexityAggregation.Tokens)));
    }

    [Fact]
    public void The_report_has_all_three_side_by_side()
    {
        var metric = Metric(aggregation: PerplexityAggregation.Exponentials);
        foreach (var item in (MetricItem[])[Item("a", -10, 5), Item("b", -9, 3)]) metric.Add(item);
        var conventions = metric.Score().Conventions!;
        Assert.Equal(["tokens", "sequences", "exponentials"], conventions.Select(c => c.Key));
        foreach (var (expected, found) in new[] { Math.Exp(19.0 / 8), Math.Exp(2.5), (Math.Exp(2) + Math.Exp(3)) / 2 }.Zip(conventions))
            Golden.Same(expected, found.Value);
        Assert.Null(Metric().Score().Conventions);
    }

    [Fact]
    public void A_model_that_is_asked_needs_nothing_of_the_lines()
    {
        var metric = new PerplexityMetric(new MetricSpec { Name = "perplexity", Model = "models/judge" }, null);
        metric.Give(new Dictionary<string, TextLikelihood> { ["a"] = new(10, 5), ["b"] = new(9, 3) }, "exact:leftToRight");
        foreach (var item in (MetricItem[])[Item("a", null, null), Item("b", null, null), Item("too long for it", null, null)])
        {
            Assert.Null(metric.Lack(item));
            metric.Add(item);
        }
        Golden.Same(Math.Exp(19.0 / 8), metric.Score().Score);
        Assert.Equal("exact:leftToRight|aggregation:tokens|base:e", metric.Score().Signature);
    }

    [Fact]
    public void A_uniform_model_has_the_perplexity_of_its_vocabulary()
    {
        double l = Math.Log(50_257);
        foreach (var aggregation in Enum.GetValues<PerplexityAggregation>())
            Golden.Same(50_257, Score(aggregation, Item("a", -7 * l, 7), Item("b", -100 * l, 100)));
    }

    [Fact]
    public void Likelihoods_may_stand_in_a_file_per_cell()
    {
        string root = Directory.CreateTempSubdirectory("dbatch-perplexity-").FullName;
        Directory.CreateDirectory(Path.Combine(root, "likelihoods"));
        File.WriteAllText(Path.Combine(root, "likelihoods", "steps=8,order=x.jsonl"),
            "{\"id\":\"a\",\"logLikelihood\":-4,\"tokens\":2}\n{\"id\":\"b\",\"logLikelihood\":-1}\n");
        var metric = Metric("likelihoods");
        metric.Open(root, "steps=8,order=x");
        metric.Add(Item("a", null, null));
        metric.Add(Item("b", null, 3));
        Golden.Same(Math.Exp(1), metric.Score().Score);
        Assert.Contains("\"c\" has no line", Assert.Throws<MetricException>(() => metric.Add(Item("c", null, 3))).Message,
            StringComparison.Ordinal);
        Assert.Contains("no file steps=2.jsonl", Assert.Throws<MetricException>(() => metric.Open(root, "steps=2")).Message,
            StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(root, "bad.jsonl"),
            "{\"id\":\"a\",\"logLikelihood\":0.5}\n{\"id\":\"b\"}\n\n{\"id\":\"c\",\"logLikelihood\":-1,\"tokens\":-2}\n"
            + "{\n{\"id\":\"d\",\"logLikelihood\":-1}\n{\"id\":\"d\",\"logLikelihood\":-1}\n");
        var problems = Assert.Throws<MetricException>(() => Metric("bad.jsonl").Open(root, "all")).Problems;
        Assert.Equal(["line 1", "line 2", "line 4", "line 5", "line 7"],
            problems.Select(p => p["bad.jsonl ".Length..p.IndexOf(':', StringComparison.Ordinal)]));
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void What_is_not_known_is_an_error_and_lower_is_better()
    {
        Assert.Contains("\"logLikelihood\"",
            Assert.Throws<MetricException>(() => Score(PerplexityAggregation.Tokens, Item("a", null, 3))).Message,
            StringComparison.Ordinal);
        Assert.Contains("\"tokens\"", Assert.Throws<MetricException>(() =>
            Score(PerplexityAggregation.Tokens, Item("a", -3, null))).Message, StringComparison.Ordinal);
        Assert.Equal(MetricDirection.Lower, Metric().Score().Better);
    }
}
