using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Likelihood;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Likelihood;

/// <summary>What is made of a model's likelihoods of choices.</summary>
public sealed class ChoiceLikelihoodTests
{
    static MetricItem Item(string id, string target, params string[] choices) => new(id, "", [target]) { Choices = choices };

    static ChoiceLikelihoodMetric Metric(ChoiceNormalization? normalize = null)
    {
        var metric = new ChoiceLikelihoodMetric(new MetricSpec { Name = "choiceLikelihood", Model = "models/m", Normalize = normalize },
            new BootstrapOptions(1, 200));
        metric.Give(new Dictionary<string, IReadOnlyList<TextLikelihood>>
        {
            // The likelier as a whole, by token and by byte are three different choices.
            ["a"] = [new(4, 1), new(6, 3), new(5, 2)],
            ["b"] = [new(9, 9), new(2, 2)],
            ["tie"] = [new(3, 1), new(3, 1)],
        }, "exact:leftToRight");
        return metric;
    }

    static readonly string[] s_a = ["x", "yy", "zzzzzzzz"]; // 4, 3 and 0.63 nats a byte; 4, 2 and 2.5 a token

    [Theory]
    [InlineData("x", 100, 0, 0)]
    [InlineData("yy", 0, 100, 0)]
    [InlineData("zzzzzzzz", 0, 0, 100)]
    public void Each_normalization_has_its_winner(string target, double none, double tokens, double bytes)
    {
        foreach (var (normalize, expected) in new[] { (ChoiceNormalization.None, none), (ChoiceNormalization.Tokens, tokens),
            (ChoiceNormalization.Bytes, bytes) })
        {
            var metric = Metric(normalize);
            metric.Add(Item("a", target, s_a));
            var score = metric.Score();
            Assert.Equal(expected, score.Score);
            Assert.Equal([("none", none), ("tokens", tokens), ("bytes", bytes)], score.Conventions!.Select(c => (c.Key, c.Value)));
        }
    }

    [Fact]
    public void Accuracy_over_items_of_which_those_the_model_cannot_hold_are_left_out()
    {
        var metric = Metric();
        foreach (var item in (MetricItem[])[Item("a", "yy", s_a), Item("b", "q", "p", "q"), Item("tie", "p", "p", "q"),
            Item("too long", "p", "p", "q")]) metric.Add(item);
        var score = metric.Score();
        Assert.Equal(200.0 / 3, score.Score, 1e-9); // of equals the earlier
        Assert.Equal("exact:leftToRight|normalize:none", score.Signature);
        Assert.Equal(100 * Math.Sqrt(1.0 / 3), score.Spread!.Value, 1e-9);
        Assert.InRange(score.Score, score.Low!.Value, score.High!.Value);
    }

    [Fact]
    public void Lines_without_choices_or_without_the_right_one_are_refused()
    {
        Assert.Contains("no \"choices\"", Metric().Lack(Item("a", "x")), StringComparison.Ordinal);
        Assert.Contains("none of its \"choices\"", Metric().Lack(Item("a", "w", "x", "y")), StringComparison.Ordinal);
        Assert.Null(Metric().Lack(Item("a", "y", "x", "y")));
    }
}
