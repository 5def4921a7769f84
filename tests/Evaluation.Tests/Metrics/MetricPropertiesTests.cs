using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Matching;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Translation;

namespace DiffusionBatch.Evaluation.Tests.Metrics;

/// <summary>What holds for every metric over made-up corpora.</summary>
public sealed class MetricPropertiesTests
{
    static readonly string[] s_words = "der die das Hund Katze läuft schnell, nicht. über 3,5 10-12 (so) straße ÄÖ 🙂 x".Split(' ');

    static (string Hypothesis, string[] References)[] Corpus(int size, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, size).Select(_ => (Sentence(), new[] { Sentence(), Sentence() }))];
        string Sentence() => string.Join(' ', Enumerable.Range(0, random.Next(0, 12)).Select(_ => s_words[random.Next(s_words.Length)]));
    }

    // Those that compare with references, item by item, and need nothing else; metrics that describe a distribution, ask a model or have
    // another setting that must be given have their own tests.
    public static TheoryData<string> Names => [.. MetricRegistry.Scores.Cards
        .Where(c => c.Setting("references") is not null && c.Settings.All(s => s.Name == "references" || !s.Required))
        .Select(c => c.Name)];

    static IMetric Make(string name, BootstrapOptions? bootstrap = null) =>
        MetricRegistry.Plan([new MetricSpec { Name = name }]).Create(bootstrap)[0];

    static MetricScore Score(string name, IEnumerable<(string Hypothesis, string[] References)> corpus, BootstrapOptions? bootstrap = null)
    {
        var metric = Make(name, bootstrap);
        foreach (var (hypothesis, references) in corpus) metric.Add(hypothesis, references);
        return metric.Score();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_order_of_lines_does_not_matter(string name)
    {
        var corpus = Corpus(60, 1);
        var bootstrap = new BootstrapOptions(3, 200);
        Assert.Equal(Score(name, corpus, bootstrap), Score(name, corpus.Reverse(), bootstrap));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_long_text_ends_soon_and_when_it_is_cancelled(string name)
    {
        var random = new Random(5);
        string words = Text(c => c % 6 == 5 ? ' ' : Letter()), lines = Text(c => c % 40 == 39 ? '\n' : c % 6 == 5 ? ' ' : Letter()),
            one = Text(_ => Letter());
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (string text in (string[])[words, lines, one]) Make(name).Add(text, [new string([.. text.Reverse()])]);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30); // a second or two on a free machine

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        clock.Restart();
        var stopped = Record.Exception(() => Make(name).Add(new MetricItem("a", words, [lines]) { Cancellation = cancelled.Token }));
        // Most that don't look are done within some milliseconds.
        Assert.True(stopped is OperationCanceledException || (stopped is null && clock.Elapsed.TotalSeconds < 1),
            $"{name} went on for {clock.Elapsed.TotalSeconds} s: {stopped}");

        string Text(Func<int, char> letter) =>
            string.Create(200_000, 0, (span, _) => { for (int i = 0; i < span.Length; i++) span[i] = letter(i); });
        char Letter() => (char)('a' + random.Next(26));
    }

    [Theory]
    [InlineData("bleu")]
    [InlineData("chrf")]
    [InlineData("chrf++")]
    [InlineData("ter")]
    [InlineData("rougeL")]
    [InlineData("rougeLsum")]
    [InlineData("editDistance")]
    public void What_may_take_long_looks_whether_it_is_cancelled(string name)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var random = new Random(5);
        Assert.ThrowsAny<OperationCanceledException>(() => Make(name)
            .Add(new MetricItem("a", Words(' '), [Words('\n')]) { Cancellation = cancelled.Token }));

        string Words(char between) => string.Create(200_000, 0, (span, _) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = i % 40 == 39 ? between : i % 6 == 5 ? ' ' : (char)('a' + random.Next(26));
        });
    }

    [Theory]
    [InlineData("bleu", MetricDirection.Higher)]
    [InlineData("exactMatch", MetricDirection.Higher)]
    [InlineData("ter", MetricDirection.Lower)]
    [InlineData("editDistance", MetricDirection.Lower)]
    [InlineData("lengthRatio", MetricDirection.Neither)]
    public void Which_way_is_better_is_the_metric_s_own(string name, MetricDirection better) =>
        Assert.Equal(better, Score(name, [("a b", ["a b"])]).Better);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_corpus_against_itself_is_perfect(string name)
    {
        // To ROUGE a text without two words is nothing, and nothing scores 0.
        var texts = Corpus(60, 2).Select(s => s.Hypothesis)
            .Where(h => !name.StartsWith("rouge", StringComparison.Ordinal) || h.Split(' ').Length > 7);
        var score = Score(name, texts.Select(h => (h, new[] { h })));
        Assert.Equal(score.Better switch { MetricDirection.Higher => 100, MetricDirection.Lower => 0, _ => 1 }, score.Score, 9);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_interval_holds_the_score_and_repeats(string name)
    {
        var corpus = Corpus(120, 4).Select((s, i) => i % 3 == 0 ? (s.References[0], s.References) : s).ToList();
        var score = Score(name, corpus, new BootstrapOptions(9));
        Assert.InRange(score.Score, score.Low!.Value, score.High!.Value);
        Assert.True(score.High - score.Low > 0);
        Assert.Equal(score, Score(name, corpus, new BootstrapOptions(9)));
        Assert.Contains(Enumerable.Range(10, 20), seed => Score(name, corpus, new BootstrapOptions(seed, 100)).Low != score.Low);
        Assert.Null(Score(name, corpus).Low);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Empty_lines_and_single_tokens_are_lines_like_others(string name)
    {
        foreach (var (hypothesis, reference) in new[] { ("", ""), ("", "a b c d e"), ("a b c d e", ""), ("a", "a"), ("\n", " \t"),
            ("🙂", "🙂") })
        {
            double score = Score(name, [(hypothesis, [reference])]).Score;
            Assert.True(double.IsFinite(score) && score >= 0, $"{name} of \"{hypothesis}\" against \"{reference}\": {score}");
        }
        Assert.Equal(0, Make(name).Score().Score);
        Assert.Contains("no reference", Assert.Throws<ArgumentException>(() => Make(name).Add("a", [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Streaming_equals_what_is_in_memory()
    {
        var corpus = Corpus(50, 5);
        var bleu = new BleuMetric(new MetricSpec { Name = "bleu" }, null);
        foreach (var (hypothesis, references) in corpus) bleu.Add(hypothesis, references);
        var whole = Bleu.Corpus(corpus.Select(s => s.Hypothesis), corpus.Select(s => (IReadOnlyList<string>)s.References));
        Assert.Equal(whole.Score, bleu.Score().Score);
        Assert.Equal(whole.Counts, bleu.Details().Counts);
        Assert.Throws<ArgumentException>(() => Bleu.Corpus(["a"], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => Chrf.Corpus(["a", "b"], ["a"]));
    }

    [Fact]
    public void References_of_varying_number_are_signed_as_such()
    {
        var metric = Make("bleu");
        metric.Add("a", ["a"]);
        metric.Add("a", ["a", "b"]);
        Assert.StartsWith("nrefs:var|", metric.Score().Signature, StringComparison.Ordinal);
    }

    [Fact]
    public void The_closest_reference_length_counts_and_the_shorter_of_two()
    {
        var score = Bleu.Corpus(["a b c d"], [(IReadOnlyList<string>)["a b c d e f", "a b", "a b c d e f g h"]]);
        Assert.Equal((4, 2), (score.SystemLength, score.ReferenceLength));
        Assert.Equal(0.5, Score("lengthRatio", [("a b", ["a b c d", "a b c d e"])]).Score);
    }

    [Fact]
    public void Exact_match_takes_any_reference_and_minds_case_unless_told()
    {
        (string, string[])[] corpus = [("Ja", ["nein", "Ja"]), ("ja", ["Ja"]), (" ja", ["ja"]), ("", [""])];
        Assert.Equal(50, Score("exactMatch", corpus).Score);
        var relaxed = new ExactMatchMetric(new MetricSpec { Name = "exactMatch", Lowercase = true }, null);
        foreach (var (hypothesis, references) in corpus) relaxed.Add(hypothesis, references);
        Assert.Equal(75, relaxed.Score().Score);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_allocated_per_token(string name)
    {
        string sentence = string.Join(' ', Enumerable.Range(0, 200).Select(i => s_words[i * i % s_words.Length]));
        string[] references = [sentence[20..] + sentence[..20], sentence[..100]];
        var metric = Make(name);
        for (int i = 0; i < 5; i++) metric.Add(sentence, references);
        // The least of a few: a collection that other tests bring about in between counts what this thread had reserved.
        Assert.InRange(Enumerable.Range(0, 3).Min(_ => Allocated()), 0, 20 * 64);

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++) metric.Add(sentence, references);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
