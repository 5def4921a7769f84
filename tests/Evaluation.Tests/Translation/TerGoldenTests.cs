using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Translation;

namespace DiffusionBatch.Evaluation.Tests.Translation;

public sealed class TerGoldenTests
{
    [Theory]
    [InlineData("system1.de")]
    [InlineData("system2.de")]
    public void Corpora_score_as_in_sacrebleu(string system) =>
        Check(Golden.Expected().GetProperty(system).GetProperty("ter"), Ter.Corpus(Golden.Lines(system), Golden.Lines("reference.de")));

    public static TheoryData<string, MetricSpec> Variants => new()
    {
        { "ter", new MetricSpec { Name = "ter" } },
        { "ter.normalized", new MetricSpec { Name = "ter", Normalized = true } },
        { "ter.no_punct", new MetricSpec { Name = "ter", NoPunct = true } },
        { "ter.asian_support.normalized", new MetricSpec { Name = "ter", AsianSupport = true, Normalized = true } },
        { "ter.case_sensitive", new MetricSpec { Name = "ter", CaseSensitive = true } },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Options_are_as_in_sacrebleu(string name, MetricSpec options)
    {
        var cases = Golden.Expected().GetProperty("short segments");
        string[] hypotheses = Golden.Strings(cases.GetProperty("hypotheses")), references = Golden.Strings(cases.GetProperty("references"));
        Check(cases.GetProperty(name), Ter.Corpus(hypotheses, references, options));
        if (!cases.GetProperty(name).TryGetProperty("sentence", out JsonElement sentences)) return;
        double[] expected = Golden.Numbers(sentences);
        for (int i = 0; i < hypotheses.Length; i++) Golden.Same(expected[i], Ter.Sentence(hypotheses[i], [references[i]], options).Score);
    }

    [Fact]
    public void Several_references_are_as_in_sacrebleu()
    {
        var references = Golden.Lines("reference.de").Zip(Golden.Lines("system2.de"), (a, b) => (IReadOnlyList<string>)[a, b]).Take(200);
        Check(Golden.Expected().GetProperty("two references (first 200: reference, system2)").GetProperty("ter"),
            Ter.Corpus(Golden.Lines("system1.de").Take(200), references));
    }

    static void Check(JsonElement golden, TerScore score)
    {
        Assert.Equal(golden.GetProperty("signature").GetString(), score.Signature);
        Golden.Same(golden.GetProperty("score").GetDouble(), score.Score);
    }
}
