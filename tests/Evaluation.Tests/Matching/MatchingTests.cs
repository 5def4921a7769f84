using DiffusionBatch.Evaluation.Matching;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Matching;

public sealed class MatchingTests
{
    static double Score(IMetric metric, string hypothesis, params string[] references)
    {
        metric.Add(hypothesis, references);
        return metric.Score().Score;
    }

    [Theory]
    [InlineData("The answer is 72.", "#### 72", true)]
    [InlineData("so 48/2 = 24 and 48 + 24 = 72", "72", true)]
    [InlineData("That is 5,600 dollars", "# # # 5600", true)]
    [InlineData("$1,234,567.50", "1234567.5", true)]
    [InlineData("18.00", "18", true)]
    [InlineData("007", "7", true)]
    [InlineData("It is -$3", "-3", true)]
    [InlineData("5-3", "3", true)]
    [InlineData("\u22124", "-4", true)]
    [InlineData("-0.0", "0", true)]
    [InlineData("1, 2, 3", "3", true)]
    [InlineData("1,2", "12", false)]
    [InlineData("12,34", "34", true)]
    [InlineData("1234,567", "1234567", false)]
    [InlineData("x = 7. Done.", "7", true)]
    [InlineData("৭২", "72", true)]
    [InlineData("１２", "12", true)]
    [InlineData("72 or 73", "72", false)]
    [InlineData("-3", "3", false)]
    [InlineData("none", "3", false)]
    [InlineData("", "3", false)]
    [InlineData("no number", "no number ", true)]
    [InlineData("other", "no number", false)]
    public void The_last_numbers_values_are_compared(string hypothesis, string reference, bool right)
    {
        Assert.Equal(right ? 100 : 0, Score(new LastNumberMetric(), hypothesis, reference));
        Assert.Equal(right ? 100 : 0, Score(new LastNumberMetric(), hypothesis, "no such 999", reference));
    }

    [Theory]
    [InlineData("B", "B", true)]
    [InlineData("b", "(B)", true)]
    [InlineData("(B) Paris", "B", true)]
    [InlineData("B. Paris", "B: Paris", true)]
    [InlineData("The answer is (C).", "C", true)]
    [InlineData("The correct answer is option C, because A is wrong", "C", true)]
    [InlineData("Not (A), so it must be (D)", "D", true)]
    [InlineData("I would choose D", "D", true)]
    [InlineData("D because A dog barks", "D", true)]
    [InlineData("I don't know", "I", false)]
    [InlineData("Answer: 3", "3", true)]
    [InlineData("(2) since 3 is odd", "2", true)]
    [InlineData("Because", "B", false)]
    [InlineData("", "B", false)]
    [InlineData("Yes.", "yes", true)]
    [InlineData("entailment", "Entailment", true)]
    [InlineData("neutral", "entailment", false)]
    public void The_chosen_labels_are_compared(string hypothesis, string reference, bool right) =>
        Assert.Equal(right ? 100 : 0, Score(new ChoiceMetric(), hypothesis, reference));

    [Theory]
    [InlineData("The cat sat.", "a cat SAT", 100)]
    [InlineData("in Paris, France", "Paris", 50)]
    [InlineData("b b c", "b c c", 200.0 / 3)]
    [InlineData("the", "a", 100)] // nothing is left of either
    [InlineData("the", "cat", 0)]
    [InlineData("don't", "dont", 100)]
    [InlineData("a–b", "–b", 100)] // an article beside a sign that is no ASCII punctuation
    [InlineData("ab", "b", 0)]
    [InlineData("😀 ja", "JA 😀", 100)]
    public void Token_F1_is_squads(string hypothesis, string reference, double score)
    {
        Assert.Equal(score, Score(new TokenF1Metric(), hypothesis, reference), 9);
        Assert.Equal(Math.Max(score, 0), Score(new TokenF1Metric(), hypothesis, "zzz", reference), 9);
    }

    [Theory]
    [InlineData("kitten", "sitting", 300.0 / 7)]
    [InlineData("", "", 0)]
    [InlineData("", "ab", 100)]
    [InlineData("😀a", "😁a", 50)]
    [InlineData("JA", "ja", 100)]
    public void Edit_distance_is_over_the_longer_text(string hypothesis, string reference, double score)
    {
        Assert.Equal(score, Score(new EditDistanceMetric(), hypothesis, reference), 9);
        Assert.Equal(0, Score(new EditDistanceMetric(), hypothesis, reference, hypothesis));
        Assert.Equal(hypothesis == "JA" ? 0 : score, Score(new EditDistanceMetric(lowercase: true), hypothesis, reference), 9);
    }

    [Fact]
    public void Means_have_a_spread()
    {
        var metric = new ExactMatchMetric();
        foreach (string hypothesis in (string[])["a", "a", "b", "b"]) metric.Add(hypothesis, ["a"]);
        Assert.Equal(100 * Math.Sqrt(1.0 / 3), metric.Score().Spread!.Value, 9);
        Assert.Null(new ExactMatchMetric().Score().Spread);
    }
}
