using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Translation;

namespace DiffusionBatch.Evaluation.Tests.Translation;

public sealed class ChrfGoldenTests
{
    [Theory]
    [InlineData("system1.de")]
    [InlineData("system2.de")]
    public void Corpora_score_as_in_sacrebleu(string system)
    {
        var expected = Golden.Expected().GetProperty(system);
        foreach (string name in new[] { "chrf", "chrf++" })
        {
            var score = Chrf.Corpus(Golden.Lines(system), Golden.Lines("reference.de"), new MetricSpec { Name = name });
            Assert.Equal(expected.GetProperty(name).GetProperty("signature").GetString(), score.Signature);
            Golden.Same(expected.GetProperty(name).GetProperty("score").GetDouble(), score.Score);
        }
    }

    public static TheoryData<string, MetricSpec> Variants => new()
    {
        { "", new MetricSpec { Name = "chrf" } },
        { "word_order=2", new MetricSpec { Name = "chrf", WordOrder = 2 } },
        { "char_order=4.beta=1", new MetricSpec { Name = "chrf", CharOrder = 4, Beta = 1 } },
        { "whitespace=True", new MetricSpec { Name = "chrf", Whitespace = true } },
        { "lowercase=True", new MetricSpec { Name = "chrf", Lowercase = true } },
        { "eps_smoothing=True", new MetricSpec { Name = "chrf", EpsSmoothing = true } },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Options_are_as_in_sacrebleu(string name, MetricSpec options)
    {
        var cases = Golden.Expected().GetProperty("short segments");
        string[] hypotheses = Golden.Strings(cases.GetProperty("hypotheses")), references = Golden.Strings(cases.GetProperty("references"));
        var golden = cases.GetProperty("chrf." + name);
        var corpus = Chrf.Corpus(hypotheses, references, options);
        Assert.Equal(golden.GetProperty("signature").GetString(), corpus.Signature);
        Golden.Same(golden.GetProperty("score").GetDouble(), corpus.Score);
        double[] sentences = Golden.Numbers(golden.GetProperty("sentence"));
        for (int i = 0; i < hypotheses.Length; i++) Golden.Same(sentences[i], Chrf.Sentence(hypotheses[i], [references[i]], options).Score);
    }

    [Fact]
    public void Chinese_and_several_references_are_as_in_sacrebleu()
    {
        var zh = Golden.Expected().GetProperty("zh");
        Golden.Same(zh.GetProperty("chrf").GetDouble(),
            Chrf.Corpus(Golden.Strings(zh.GetProperty("hypotheses")), Golden.Strings(zh.GetProperty("references"))).Score);

        var golden = Golden.Expected().GetProperty("two references (first 200: reference, system2)").GetProperty("chrf");
        var references = Golden.Lines("reference.de").Zip(Golden.Lines("system2.de"), (a, b) => (IReadOnlyList<string>)[a, b]).Take(200);
        var score = Chrf.Corpus(Golden.Lines("system1.de").Take(200), references);
        Assert.Equal(golden.GetProperty("signature").GetString(), score.Signature);
        Golden.Same(golden.GetProperty("score").GetDouble(), score.Score);
    }
}
