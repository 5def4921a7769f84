using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Summarization;

namespace DiffusionBatch.Evaluation.Tests.Summarization;

public sealed class RougeTests
{
    static double F(RougeVariant variant, string hypothesis, params string[] references) =>
        Rouge.Sentence(variant, hypothesis, references).F;

    [Fact]
    public void The_reference_with_the_best_F_counts()
    {
        Assert.Equal(100, F(RougeVariant.Rouge1, "a b", "c", "a b", "a b c"), 9);
        Assert.Equal(80, F(RougeVariant.RougeL, "a b", "c", "a b c"), 9);
    }

    [Fact]
    public void Words_are_runs_of_ascii_letters_and_digits_in_lower_case()
    {
        Assert.Equal(100, F(RougeVariant.Rouge1, "It's 3.5-fold", "it S, 3 5 FOLD"), 9);
        Assert.Equal(100, F(RougeVariant.Rouge1, "\u212Aelvin \u0130stanbul", "kelvin i stanbul"), 9); // what Python lower-cases into ASCII
        Assert.Equal(100, F(RougeVariant.Rouge1, "über", "ber"), 9);
    }

    [Fact]
    public void Texts_without_words_score_nothing()
    {
        foreach (var variant in Enum.GetValues<RougeVariant>())
        {
            Assert.Equal(0, F(variant, "", ""));
            Assert.Equal(0, F(variant, "天气", "天气"));
            Assert.Equal(0, F(variant, "a b", "\n\n"));
        }
        Assert.Equal(0, F(RougeVariant.Rouge2, "a", "a")); // no pair in either
    }

    static double Unicode(RougeVariant variant, string hypothesis, string reference, bool stemmer = false)
    {
        var metric = new RougeMetric(new MetricSpec { Name = EnumText.Of(variant), Stemmer = stemmer, Tokenize = BleuTokenization.Unicode },
            null);
        metric.Add(hypothesis, [reference]);
        Assert.Contains("|tok:unicode|", metric.Score().Signature, StringComparison.Ordinal);
        Assert.Empty(metric.Notes());
        return metric.Score().Score;
    }

    [Theory]
    [InlineData("天气很好", "天气很好", 100)]
    [InlineData("天气好", "天气很好", 600.0 / 7)] // ideographs are words: 3 of 3, 3 of 4
    [InlineData("Привет, мир!", "привет МИР", 100)]
    [InlineData("über", "ber", 0)]
    [InlineData("It's 3.5-fold", "it S, 3 5 FOLD", 100)]
    [InlineData("नमस्ते दुनिया", "नमस्ते", 200.0 / 3)] // marks belong to their words
    [InlineData("\U00020000\U00020001", "\U00020000", 200.0 / 3)]
    [InlineData("カタカナ", "カタ", 200.0 / 3)]
    [InlineData("한국어 말", "한국어", 200.0 / 3)]
    [InlineData("ΣΟΦΟΣ", "σοφος", 100)] // with its final sigma
    [InlineData("σοφος", "σοφός", 0)]
    [InlineData("٣ كتب", "٣ كتب", 100)]
    [InlineData("...", "...", 0)]
    public void Words_of_all_scripts_count_where_asked_for(string hypothesis, string reference, double f) =>
        Assert.Equal(f, Unicode(RougeVariant.Rouge1, hypothesis, reference), 9);

    [Fact]
    public void Words_of_all_scripts_have_stems_where_they_are_english() =>
        Assert.Equal(100, Unicode(RougeVariant.RougeLsum, "running Äpfel\n天", "runs äpfel\n天", stemmer: true), 9);

    [Fact]
    public void References_without_words_are_noted()
    {
        var metric = new RougeMetric(new MetricSpec { Name = "rougeL", As = "mine" }, null);
        metric.Add("天气", ["天气"]);
        metric.Add("Привет", ["Привет", "мир"]);
        metric.Add("天", ["weather", "天"]); // one of them has a word
        metric.Add("", [""]);
        metric.Add("a", ["--"]);
        string note = Assert.Single(metric.Notes());
        Assert.StartsWith("mine: 2 items with references without a letter of a-z or a digit of 0-9, which score 0 even against themselves",
            note, StringComparison.Ordinal);
        Assert.Contains("\"tokenize\": \"unicode\"", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_lines_are_compared_as_each_with_each()
    {
        var random = new Random(3);
        for (int round = 0; round < 100; round++)
        {
            string[] hypothesis = Lines(), reference = Lines();
            Assert.Equal(Plain(reference, hypothesis),
                Rouge.Sentence(RougeVariant.RougeLsum, string.Join('\n', hypothesis), [string.Join('\n', reference)]).Recall, 9);
        }

        string[] Lines() => [.. Enumerable.Range(0, random.Next(1, 8))
            .Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(5)).Select(_ => (char)('a' + random.Next(4)))))];
    }

    // The union of the longest common subsequences of each line of the one with each line of the other, by tables.
    static double Plain(string[] reference, string[] hypothesis)
    {
        var left = hypothesis.SelectMany(Words).GroupBy(w => w).ToDictionary(g => g.Key, g => g.Count());
        int hits = 0, all = reference.Sum(line => Words(line).Length);
        foreach (string[] line in reference.Select(Words))
        {
            var marked = new bool[line.Length];
            foreach (string[] other in hypothesis.Select(Words))
            {
                var length = new int[line.Length + 1, other.Length + 1];
                for (int i = 1; i <= line.Length; i++)
                    for (int j = 1; j <= other.Length; j++)
                        length[i, j] = line[i - 1] == other[j - 1]
                            ? length[i - 1, j - 1] + 1
                            : Math.Max(length[i - 1, j], length[i, j - 1]);
                for (int i = line.Length, j = other.Length; i > 0 && j > 0;)
                {
                    if (line[i - 1] == other[j - 1]) (marked[--i], j) = (true, j - 1);
                    else if (length[i, j - 1] > length[i - 1, j]) j--;
                    else i--;
                }
            }
            for (int i = 0; i < line.Length; i++)
                if (marked[i] && left[line[i]]-- > 0) hits++;
        }
        return all == 0 ? 0 : 100.0 * hits / all;
    }

    static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void A_word_counts_at_most_as_often_as_both_have_it()
    {
        Assert.Equal(2.0 / 7 * 100, Rouge.Sentence(RougeVariant.Rouge1, "the the the the the the the", ["the cat is on the mat"]).Precision,
            9);
        Assert.Equal(1.0 / 3 * 100, Rouge.Sentence(RougeVariant.RougeLsum, "a\na\na", ["a b"]).Precision, 9);
    }

    [Fact]
    public void The_union_is_over_the_lines_of_the_output()
    {
        // Lin 2004, section 3.2: reference w1 w2 w3 w4 w5, output lines w1 w2 w6 w7 w8 and w1 w3 w8 w9 w5 share w1 w2 w3 w5.
        var score = Rouge.Sentence(RougeVariant.RougeLsum, "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", ["w1 w2 w3 w4 w5"]);
        Assert.Equal(80, score.Recall, 9);
        Assert.Equal(40, score.Precision, 9);
    }
}
