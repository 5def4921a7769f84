using DiffusionBatch.Evaluation.Summarization;

namespace DiffusionBatch.Evaluation.Tests.Summarization;

public sealed class RougeTests
{
    static double F(RougeVariant variant, string hypothesis, params string[] references) => Rouge.Sentence(variant, hypothesis, references).F;

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

    [Fact]
    public void A_word_counts_at_most_as_often_as_both_have_it()
    {
        Assert.Equal(2.0 / 7 * 100, Rouge.Sentence(RougeVariant.Rouge1, "the the the the the the the", ["the cat is on the mat"]).Precision, 9);
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
