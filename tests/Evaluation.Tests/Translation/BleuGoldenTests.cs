using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Translation;

namespace DiffusionBatch.Evaluation.Tests.Translation;

public sealed class BleuGoldenTests
{
    [Theory]
    [InlineData("system1.de")]
    [InlineData("system2.de")]
    public void Corpora_score_as_in_sacrebleu(string system)
    {
        var expected = Golden.Expected().GetProperty(system);
        string[] hypotheses = Golden.Lines(system), references = Golden.Lines("reference.de");
        foreach (string tokenize in new[] { "13a", "intl", "none", "char" })
        {
            foreach (bool lowercase in new[] { false, true })
            {
                var golden = expected.GetProperty($"bleu.{tokenize}.{(lowercase ? "lc" : "mixed")}");
                var score = Bleu.Corpus(hypotheses, references,
                    new MetricSpec { Name = "bleu", Tokenize = EnumText.Parse<BleuTokenization>(tokenize), Lowercase = lowercase });
                Assert.Equal(golden.GetProperty("signature").GetString(), score.Signature);
                Assert.Equal(Golden.Numbers(golden.GetProperty("counts")), score.Counts.Select(c => (double)c));
                Assert.Equal(Golden.Numbers(golden.GetProperty("totals")), score.Totals.Select(c => (double)c));
                Assert.Equal(golden.GetProperty("sys_len").GetInt64(), score.SystemLength);
                Assert.Equal(golden.GetProperty("ref_len").GetInt64(), score.ReferenceLength);
                Golden.Same(golden.GetProperty("bp").GetDouble(), score.BrevityPenalty);
                Golden.Same(golden.GetProperty("score").GetDouble(), score.Score);
            }
        }
    }

    [Theory]
    [InlineData("system1.de")]
    [InlineData("system2.de")]
    public void Sentences_score_as_in_sacrebleu(string system)
    {
        var expected = Golden.Numbers(Golden.Expected().GetProperty(system).GetProperty("sentence_bleu.first100"));
        string[] hypotheses = Golden.Lines(system), references = Golden.Lines("reference.de");
        for (int i = 0; i < 100; i++)
            Assert.Equal(expected[i], Bleu.Sentence(hypotheses[i], [references[i]]).Score, 6); // given to six digits
    }

    [Fact]
    public void Smoothing_is_as_in_sacrebleu()
    {
        var cases = Golden.Expected().GetProperty("short segments");
        string[] hypotheses = Golden.Strings(cases.GetProperty("hypotheses")), references = Golden.Strings(cases.GetProperty("references"));
        foreach (var item in cases.GetProperty("corpus").EnumerateObject()) // first3.METHOD.VALUE
        {
            var score = Bleu.Corpus(hypotheses.Take(3), references.Take(3), Options(item.Name["first3.".Length..]));
            Assert.Equal(item.Value.GetProperty("signature").GetString(), score.Signature);
            Golden.Same(item.Value.GetProperty("score").GetDouble(), score.Score);
        }
        foreach (var item in cases.GetProperty("sentence").EnumerateObject()) // METHOD.VALUE.eff-BOOL
        {
            int cut = item.Name.IndexOf(".eff-", StringComparison.Ordinal);
            var options = Options(item.Name[..cut]) with { EffectiveOrder = item.Name.EndsWith("True", StringComparison.Ordinal) };
            double[] expected = Golden.Numbers(item.Value);
            for (int i = 0; i < hypotheses.Length; i++)
                Golden.Same(expected[i], Bleu.Sentence(hypotheses[i], [references[i]], options).Score);
        }
    }

    static MetricSpec Options(string methodAndValue)
    {
        int dot = methodAndValue.IndexOf('.', StringComparison.Ordinal);
        string value = methodAndValue[(dot + 1)..];
        return new MetricSpec
        {
            Name = "bleu",
            SmoothMethod = EnumText.Parse<BleuSmoothing>(methodAndValue[..dot])!.Value,
            SmoothValue = value == "None" ? null : double.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    [Fact]
    public void Several_references_are_as_in_sacrebleu()
    {
        var golden = Golden.Expected().GetProperty("two references (first 200: reference, system2)").GetProperty("bleu.13a");
        var references = Golden.Lines("reference.de").Zip(Golden.Lines("system2.de"), (a, b) => (IReadOnlyList<string>)[a, b]).Take(200);
        var score = Bleu.Corpus(Golden.Lines("system1.de").Take(200), references);
        Assert.Equal(golden.GetProperty("signature").GetString(), score.Signature);
        Golden.Same(golden.GetProperty("score").GetDouble(), score.Score);
    }

    [Fact]
    public void Chinese_is_as_in_sacrebleu()
    {
        var zh = Golden.Expected().GetProperty("zh");
        var golden = zh.GetProperty("bleu.zh");
        var score = Bleu.Corpus(Golden.Strings(zh.GetProperty("hypotheses")), Golden.Strings(zh.GetProperty("references")),
            new MetricSpec { Name = "bleu", Tokenize = BleuTokenization.Zh });
        Assert.Equal(golden.GetProperty("signature").GetString(), score.Signature);
        Assert.Equal(Golden.Numbers(golden.GetProperty("counts")), score.Counts.Select(c => (double)c));
        Assert.Equal(Golden.Numbers(golden.GetProperty("totals")), score.Totals.Select(c => (double)c));
        Golden.Same(golden.GetProperty("score").GetDouble(), score.Score);
    }
}
