using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Likelihood;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Likelihood;

/// <summary>What is made of a model's estimates; the model itself is asked elsewhere.</summary>
public sealed class LikelihoodMetricTests
{
    static readonly (string Id, double Nats, int Tokens)[] s_items = [.. Enumerable.Range(0, 50)
        .Select(i => ($"i{i}", 3.0 + i % 7, 2 + i % 5))];

    static MetricScore Score(IEnumerable<(string Id, double Nats, int Tokens)> items, LikelihoodTexts texts = LikelihoodTexts.References)
    {
        var metric = new LikelihoodMetric(new MetricSpec { Name = "likelihood", Model = "models/m", Texts = texts },
            new BootstrapOptions(1, 200));
        metric.Give(s_items.ToDictionary(i => i.Id, i => new TextLikelihood(i.Nats, i.Tokens)), "bound:x");
        foreach (var (id, _, _) in items) metric.Add(new MetricItem(id, "text", ["text"]));
        return metric.Score();
    }

    [Fact]
    public void It_is_the_sum_of_nats_over_the_sum_of_tokens()
    {
        var score = Score(s_items);
        Assert.Equal(s_items.Sum(i => i.Nats) / s_items.Sum(i => i.Tokens), score.Score, 1e-12);
        Assert.Equal(MetricDirection.Lower, score.Better);
        Assert.InRange(score.Score, score.Low!.Value, score.High!.Value);
        Assert.Equal("bound:x|texts:references|unit:nats/token", score.Signature);
        Assert.Equal("bound:x|texts:predictions|unit:nats/token", Score(s_items, LikelihoodTexts.Predictions).Signature);
    }

    [Fact]
    public void The_order_of_items_does_not_matter() => Assert.Equal(Score(s_items), Score(s_items.Reverse()));

    [Fact]
    public void An_item_that_the_model_gave_nothing_for_counts_for_nothing() =>
        Assert.Equal(Score(s_items).Score, Score([.. s_items, ("unknown", 0, 0)]).Score);
}
