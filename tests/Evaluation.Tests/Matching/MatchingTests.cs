using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Tests.Matching;

public sealed class MatchingTests
{
    static IMetric Metric(string name, string? extract = null, bool lowercase = false) =>
        MetricRegistry.Plan(
            [new MetricSpec { Name = name, Extract = EnumText.Parse<AnswerExtraction>(extract), Lowercase = lowercase ? true : null }])
                .Create(null)[0];

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
        Assert.Equal(right ? 100 : 0, Score(Metric("lastNumber"), hypothesis, reference));
        Assert.Equal(right ? 100 : 0, Score(Metric("lastNumber"), hypothesis, "no such 999", reference));
    }

    [Theory]
    [InlineData(@"\boxed{$9{,}500}", "9500", true)]
    [InlineData(@"$9{,}500$", "9500", true)]
    [InlineData(@"\boxed{9\,500}", "9500", true)]
    [InlineData(@"10,\!000 ways", "10000", true)]
    [InlineData(@"9\text{,}500", "9500", true)]
    [InlineData(@"\boxed{\text{1{,}234{,}567.5}}", "1234567.5", true)]
    [InlineData(@"\boxed{9500\text{ dollars}}", "9,500", true)]
    [InlineData(@"x = -\$5", "-5", true)]
    [InlineData(@"-\text{\$}5", "-5", true)]
    [InlineData(@"\boxed{-5}", "-5", true)]
    [InlineData(@"3-\$5", "5", true)]
    [InlineData("9\u202F500", "9500", true)]
    [InlineData("9\u2009500\u2009000", "9500000", true)]
    [InlineData("9 500", "500", true)] // a plain space parts numbers
    [InlineData("CHF 9'500", "9500", true)]
    [InlineData("9\u2019500.50", "9500.5", true)]
    [InlineData("Rs. 1,23,456", "123456", true)]
    [InlineData("1,23,45", "45", true)]
    [InlineData("1e3", "1000", true)]
    [InlineData("1.5E-2", "0.015", true)]
    [InlineData("1.5E-2.", "0.015", true)]
    [InlineData("-2.5e+1 m", "-25", true)]
    [InlineData("1e3", "3", false)]
    [InlineData("0e5", "0", true)]
    [InlineData("4e", "4", true)]
    [InlineData("12em", "12", true)]
    [InlineData("a1e3", "3", true)] // a name, no power
    [InlineData("1e99999999", "99999999", true)]
    [InlineData(@"1\times10^{3}", "1000", true)]
    [InlineData(@"$2.5 \times 10^{-3}$", "0.0025", true)]
    [InlineData(@"3 \cdot 10^2", "300", true)]
    [InlineData("6.02 × 10²³", "602000000000000000000000", true)]
    [InlineData("1.6·10⁻³", "0.0016", true)]
    [InlineData("3*10**2", "300", true)]
    [InlineData("10^3", "1000", true)]
    [InlineData("10^{3", "3", true)]
    [InlineData("2^10", "10", true)] // only powers of ten
    [InlineData("5 * 10", "10", true)]
    [InlineData("٩٥٠٠", "9500", true)]
    [InlineData("٩٬٥٠٠٫٥", "9500.5", true)]
    [InlineData("९,५००", "9500", true)]
    [InlineData("９，５００．５", "9500.5", true)]
    [InlineData("12，345", "345", true)] // a comma of full width between plain digits parts clauses
    [InlineData("\U0001D7D8\U0001D7D9\U0001D7DA", "12", true)]
    [InlineData("\U0001D7F6.\U0001D7FB", "0.5", true)]
    [InlineData("\U0001D7D9", "2", false)]
    [InlineData("\uFF0D５", "-5", true)]
    [InlineData("\u2013 5", "5", true)]
    [InlineData("\u20135", "-5", true)]
    [InlineData("3\u20135", "5", true)]
    [InlineData("答案是-5", "-5", true)]
    [InlineData("答案是９", "9", true)]
    [InlineData("COVID-19", "19", true)]
    [InlineData("it is .5", "0.5", true)]
    [InlineData("Done.5", "5", true)]
    [InlineData("v1.2.3", "3", true)]
    [InlineData("...5", "5", true)]
    [InlineData("①", "1", false)]
    [InlineData("x²", "2", false)]
    [InlineData("100000000000000000000001", "100000000000000000000002", false)]
    public void A_reader_finds_the_number(string hypothesis, string reference, bool right)
    {
        Assert.Equal(right ? 100 : 0, Score(Metric("lastNumber"), hypothesis, reference));
        Assert.Equal(right ? 100 : 0, Score(Metric("lastNumber"), "First 77, then " + hypothesis, reference));
    }

    [Theory]
    [InlineData("lm-eval-strict", "6 * 3\n#### 1,800.", "the sum\n#### 1,800", true)]
    [InlineData("lm-eval-strict", "The answer is 18", "18", false)]
    [InlineData("lm-eval-strict", "#### 18.0", "18", false)] // texts are compared, not values
    [InlineData("lm-eval-strict", "#### 1\n#### 2", "1", true)]
    [InlineData("lm-eval-flexible", "so 18 of them, $1,800 in all.", "1800", true)]
    [InlineData("lm-eval-flexible", "it is 1e3", "3", true)]
    [InlineData("lm-eval-flexible", "it is -5", "-5", true)]
    [InlineData("lm-eval-flexible", "18 ...", "18", false)] // dots alone are a match of that filter
    [InlineData("lm-eval-flexible", "none", "18", false)]
    public void A_harness_finds_its_own_number(string extract, string hypothesis, string reference, bool right)
    {
        Assert.Equal(right ? 100 : 0, Score(Metric("lastNumber", extract), hypothesis, reference));
        Assert.Equal($"nrefs:1|match:{extract}", SignatureOf(Metric("lastNumber", extract)));
    }

    static string SignatureOf(IMetric metric)
    {
        metric.Add("1", ["1"]);
        return metric.Score().Signature;
    }

    [Theory]
    [InlineData("The answer is I", "I", true)]
    [InlineData("Answer: I", "I", true)]
    [InlineData("The answer is I.", "I", true)]
    [InlineData("The answer is (I)", "I", true)]
    [InlineData("The answer is I because it rains", "I", true)]
    [InlineData("The answer, I think, is B", "I", false)]
    [InlineData("The answer, I think, is B", "B", true)]
    [InlineData("Answer: I don't know", "I", false)]
    [InlineData("Answer: I'd say J", "J", true)]
    [InlineData("I think the answer is B", "B", true)]
    [InlineData("A is wrong, so the answer must be C", "C", true)]
    [InlineData("A and B are wrong; the answer is C", "C", true)]
    [InlineData("the answer is b", "B", true)]
    [InlineData("answer: c.", "C", true)]
    [InlineData("The correct answer would be option d, not a", "D", true)]
    [InlineData("the answer is a", "A", true)]
    [InlineData("the answer is a because b is wrong", "A", true)]
    [InlineData("The answer is a car", "A", false)]
    [InlineData("Answer: a dog", "A", false)]
    [InlineData("Answer: A dog is barking", "A", false)]
    [InlineData("Answer: A Paris", "A", true)]
    [InlineData("In answer, a dog barks", "A", false)]
    [InlineData("The answer is A", "A", true)]
    [InlineData("The answer is not A but B", "B", true)]
    [InlineData("The answer isn't A, it's B", "B", true)]
    [InlineData("It can't be A. The answer is neither B nor C, but D", "D", true)]
    [InlineData("The answer is j. I hope this answers it", "J", true)]
    [InlineData("Answer(s): (B)", "B", true)]
    [InlineData("Final answer: **b**", "B", true)]
    [InlineData("so $\\boxed{\\text{c}}$", "C", true)]
    [InlineData("\\boxed{I}", "I", true)]
    [InlineData("**B**", "B", true)]
    [InlineData("B\nBecause A is wrong.", "B", true)]
    [InlineData("B because A is wrong", "B", true)]
    [InlineData("A = 5, so (C)", "C", true)]
    [InlineData("Option A is right", "A", true)]
    [InlineData("option a is correct", "A", true)]
    [InlineData("Option (b) is the best choice", "B", true)]
    [InlineData("Option A is wrong. Option B is right. C is not correct.", "B", true)]
    [InlineData("B is the correct answer.", "B", true)]
    [InlineData("C is the correct answer because A is a mammal and B isn't", "C", true)]
    [InlineData("I was right", "I", false)]
    [InlineData("I is correct", "I", true)]
    [InlineData("Is A correct? No. D.", "D", true)]
    [InlineData("I would go with d", "D", true)]
    [InlineData("I choose a car", "A", false)]
    [InlineData("Ｂ", "B", true)]
    [InlineData("（Ｂ）", "B", true)]
    [InlineData("Answer：Ｃ", "C", true)]
    [InlineData("The answer is \U0001D401", "B", true)]
    [InlineData("答案是B", "B", true)]
    [InlineData("答案：Ｂ", "B", true)]
    [InlineData("正确答案为C", "C", true)]
    [InlineData("正確答案應該是（d）。", "D", true)]
    [InlineData("答案不是A，是B", "B", true)]
    [InlineData("选项A错误，故选B。", "B", true)]
    [InlineData("选项A是错的", "A", false)]
    [InlineData("选项C正确", "C", true)]
    [InlineData("D, then? B is wrong", "B", false)]
    [InlineData("D, then? B is wrong", "D", true)]
    [InlineData("B、巴黎", "B", true)]
    [InlineData("【答案】D", "D", true)]
    [InlineData("正解はCです", "C", true)]
    [InlineData("Die Antwort lautet b.", "B", true)]
    [InlineData("答案是２", "2", true)]
    [InlineData("The answer is option 3", "3", true)]
    public void A_reader_finds_the_label(string hypothesis, string reference, bool right) =>
        Assert.Equal(right ? 100 : 0, Score(Metric("choice"), hypothesis, reference));

    [Theory]
    [InlineData("The answer is (C).", "C", true)]
    [InlineData("answer is B, no, answer is C", "B", true)] // the first
    [InlineData("The answer is b", "B", false)]
    [InlineData("Answer: B", "B", false)]
    public void A_harness_finds_its_own_label(string hypothesis, string reference, bool right)
    {
        Assert.Equal(right ? 100 : 0, Score(Metric("choice", "lm-eval-mmlu-pro"), hypothesis, reference));
        Assert.Equal("nrefs:1|match:lm-eval-mmlu-pro", SignatureOf(Metric("choice", "lm-eval-mmlu-pro")));
    }

    [Theory]
    [InlineData("选")]
    [InlineData("answer is ")]
    [InlineData("answer (")]
    [InlineData("option ")]
    [InlineData("A is ")]
    [InlineData("9,")]
    [InlineData("10,")]
    [InlineData("{")]
    public void Long_answers_take_no_longer_than_their_length(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 400_000 / piece.Length));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Score(Metric("choice"), text, "B");
        Score(Metric("lastNumber"), text, "1");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20); // minutes, where a prefix is searched again and again
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
        Assert.Equal(right ? 100 : 0, Score(Metric("choice"), hypothesis, reference));

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
        Assert.Equal(score, Score(Metric("tokenF1"), hypothesis, reference), 9);
        Assert.Equal(Math.Max(score, 0), Score(Metric("tokenF1"), hypothesis, "zzz", reference), 9);
    }

    [Theory]
    [InlineData("kitten", "sitting", 300.0 / 7)]
    [InlineData("", "", 0)]
    [InlineData("", "ab", 100)]
    [InlineData("😀a", "😁a", 50)]
    [InlineData("JA", "ja", 100)]
    public void Edit_distance_is_over_the_longer_text(string hypothesis, string reference, double score)
    {
        Assert.Equal(score, Score(Metric("editDistance"), hypothesis, reference), 9);
        Assert.Equal(0, Score(Metric("editDistance"), hypothesis, reference, hypothesis));
        Assert.Equal(hypothesis == "JA" ? 0 : score, Score(Metric("editDistance", lowercase: true), hypothesis, reference), 9);
    }

    [Fact]
    public void Means_have_a_spread()
    {
        var metric = Metric("exactMatch");
        foreach (string hypothesis in (string[])["a", "a", "b", "b"]) metric.Add(hypothesis, ["a"]);
        Assert.Equal(100 * Math.Sqrt(1.0 / 3), metric.Score().Spread!.Value, 9);
        Assert.Null(Metric("exactMatch").Score().Spread);
    }
}
