using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Mauve;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Mauve;

/// <summary>MAUVE over a model's own vectors; the model itself is asked elsewhere.</summary>
public sealed class MauveMetricTests
{
    static FeatureMatrix Cloud(int seed, double at) =>
        new(60, 4, [.. Enumerable.Range(0, 240).Select(i => at * (i % 4) + Math.Sin(seed + i * 1.7))]);

    static MauveMetric Metric(string? model = "models/m") => new(new MetricSpec { Name = "mauve", Model = model, Seeds = 2 }, null);

    [Fact]
    public void A_model_s_vectors_score_as_those_of_files_and_the_signature_says_what_they_are()
    {
        var metric = Metric();
        metric.Open("nowhere", "steps=8"); // no file is read
        metric.Give(Cloud(1, 0), Cloud(2, 0.4), "features:lastToken");
        var score = metric.Score();
        Assert.Equal(MauveFormula.Score(Cloud(1, 0), Cloud(2, 0.4), MauveOptions.Of(new MetricSpec { Name = "mauve", Seeds = 2 })).Mean,
            score.Score);
        Assert.StartsWith("features:lastToken|n:60,60|d:4|", score.Signature, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_texts_are_a_problem() =>
        Assert.Contains("clusters are more than",
            Assert.Throws<MetricException>(() => Metric()
                .Give(new FeatureMatrix(1, 4, new double[4]), new FeatureMatrix(0, 4, []), "features:mean")).Message,
                    StringComparison.Ordinal);

    [Theory]
    [InlineData(null, null, "features is missing; expected \"model\" or")]
    [InlineData("models/m", "f.jsonl", "\"features\" and \"model\" stand for each other; expected one of them")]
    public void Features_come_of_files_or_of_a_model(string? model, string? features, string expected)
    {
        var thrown = Assert.Throws<MetricException>(() =>
            MetricRegistry.Plan([new MetricSpec { Name = "mauve", Model = model, Features = features, ReferenceFeatures = features }]));
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_a_model_mean_nothing_without_one() => Assert.Contains("\"draws\" means nothing without \"model\"",
        Assert.Throws<MetricException>(() => MetricRegistry.Plan([new MetricSpec { Name = "perplexity", Draws = 3 }])).Message,
        StringComparison.Ordinal);
}
