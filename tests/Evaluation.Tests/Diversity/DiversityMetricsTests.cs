using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Diversity;

public sealed class DiversityMetricsTests
{
    static readonly string[] s_texts = ["the cat sat on the mat and the dog sat on the log", "a a a a", "to be or not to be", "x"];

    static MetricScore Score(string name, IEnumerable<string> texts, BootstrapOptions? bootstrap = null) =>
        Score(new MetricSpec { Name = name }, texts, bootstrap);

    static MetricScore Score(MetricSpec spec, IEnumerable<string> texts, BootstrapOptions? bootstrap = null)
    {
        var metric = MetricRegistry.Plan([spec]).Create(bootstrap)[0];
        int i = 0;
        foreach (string text in texts) metric.Add(new MetricItem($"i{i++}", text, ["r"]));
        return metric.Score();
    }

    // Expected values were computed by a program of a few lines in another language.
    [Theory]
    [InlineData("distinct1", CountingLevel.Corpus, 14.0 / 24)]
    [InlineData("distinct2", CountingLevel.Corpus, 15.0 / 20)]
    [InlineData("distinct1", CountingLevel.Sequence, (0.6153846153846154 + 0.25 + 0.6666666666666666 + 1) / 4)]
    [InlineData("distinct2", CountingLevel.Sequence, (0.8333333333333334 + 0.3333333333333333 + 0.8) / 3)]
    public void Distinct_ngrams_over_all_of_them(string name, CountingLevel level, double expected) =>
        Golden.Same(expected, Score(new MetricSpec { Name = name, Level = level }, s_texts).Score);

    [Fact]
    public void Entropy_and_repetition_are_means_over_sequences()
    {
        var entropy = Score("entropy", s_texts);
        Golden.Same(0.8136956349113942, entropy.Score);
        Golden.Same(0.970513361882031, entropy.Spread!.Value);
        Golden.Same(0.36698717948717946, Score("repetition", s_texts).Score);
        Golden.Same(0.20673076923076922, Score(new MetricSpec { Name = "repetition", Window = 3 }, s_texts).Score);
        Assert.Equal("case:mixed|tok:13a|window:3|level:sequence",
            Score(new MetricSpec { Name = "repetition", Window = 3 }, s_texts).Signature);
        Assert.Equal("case:lc|tok:none|base:e|level:sequence",
            Score(new MetricSpec { Name = "entropy", Lowercase = true, Tokenize = BleuTokenization.None }, s_texts).Signature);
        Golden.Same(Math.Log(1_000), Score("entropy", [string.Join(' ', Enumerable.Range(0, 1_000))]).Score);
    }

    [Theory]
    [InlineData("distinct1")]
    [InlineData("distinct2")]
    [InlineData("entropy")]
    [InlineData("repetition")]
    public void Order_does_not_matter_and_intervals_hold_the_score(string name)
    {
        var random = new Random(5);
        string[] texts = [.. Enumerable.Range(0, 200)
            .Select(_ => string.Join(' ',
                Enumerable.Range(0, random.Next(1, 30)).Select(_ => $"w{(int)(60 * random.NextDouble() * random.NextDouble())}")))];
        var bootstrap = new BootstrapOptions(7, 300);
        var score = Score(name, texts, bootstrap);
        Assert.Equal(score, Score(name, texts.Reverse(), bootstrap));
        Assert.InRange(score.Score, score.Low!.Value, score.High!.Value);
        Assert.InRange(score.High.Value - score.Low.Value, 1e-4, 0.5);
        Assert.Equal(MetricDirection.Neither, score.Better);
        Assert.Equal(score.Score, Score(name, texts).Score);
        Assert.Null(Score(name, texts).Low);
        Assert.Equal(0, Score(name, []).Score);
    }

    [Fact]
    public void The_interval_of_distinct_is_as_wide_as_new_corpora_differ()
    {
        var random = new Random(3);
        double[] scores = [.. Enumerable.Range(0, 200).Select(_ => Score("distinct1", Corpus()).Score).Order()];
        var one = Score("distinct1", Corpus(), new BootstrapOptions(1));
        double width = scores[195] - scores[4];
        Assert.InRange(one.High!.Value - one.Low!.Value, 0.6 * width, 1.6 * width);

        List<string> Corpus() =>
            [.. Enumerable.Range(0, 300)
                .Select(_ => string.Join(' ',
                    Enumerable.Range(0, random.Next(2, 10)).Select(_ => $"w{(int)Math.Exp(8 * random.NextDouble())}")))];
    }

    [Fact]
    public void The_models_ids_are_tokens_too()
    {
        var metric = MetricRegistry.Plan([new MetricSpec { Name = "distinct1", Tokenize = BleuTokenization.Ids }]).Create(null)[0];
        metric.Add(new MetricItem("a", "x", ["r"]) { Ids = [250_001, 7, 7, -1] });
        metric.Add(new MetricItem("b", "", ["r"])); // an item with an error
        Assert.Equal(0.75, metric.Score().Score);
        Assert.Contains("\"ids\": true", Assert.Throws<MetricException>(() => metric.Add(new MetricItem("c", "text", ["r"]))).Problems[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sequences_without_tokens_are_left_out()
    {
        Assert.Equal(Score("entropy", ["a b"]).Score, Score("entropy", ["a b", "", "  "]).Score);
        Assert.Equal(0.5, Score(new MetricSpec { Name = "distinct2", Level = CountingLevel.Sequence }, ["x", "a a a", ""]).Score);
    }

    [Fact]
    public void Counting_allocates_nothing_per_token()
    {
        string text = string.Join(' ', Enumerable.Range(0, 300).Select(i => $"w{i % 70}"));
        string[] references = ["r"];
        MetricSpec[] specs = [new() { Name = "distinct1" }, new() { Name = "distinct2" },
            new() { Name = "distinct2", Level = CountingLevel.Sequence }, new() { Name = "entropy" }, new() { Name = "repetition" }];
        foreach (var metric in specs.Select(spec => MetricRegistry.Plan([spec]).Create(null)[0]))
        {
            for (int i = 0; i < 5; i++) metric.Add(text, references);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) metric.Add(text, references);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 64);
        }
    }
}
