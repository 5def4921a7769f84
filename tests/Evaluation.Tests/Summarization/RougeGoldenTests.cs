using System.Text.Json;
using DiffusionBatch.Evaluation.Summarization;

namespace DiffusionBatch.Evaluation.Tests.Summarization;

public sealed class RougeGoldenTests
{
    static readonly (string Name, RougeVariant Variant)[] s_variants =
        [("rouge1", RougeVariant.Rouge1), ("rouge2", RougeVariant.Rouge2), ("rougeL", RougeVariant.RougeL),
            ("rougeLsum", RougeVariant.RougeLsum)];

    [Theory]
    [InlineData("plain", false)]
    [InlineData("stemmer", true)]
    public void Summaries_score_as_in_rouge_score(string name, bool stemmer)
    {
        var golden = Golden.Expected().GetProperty("rouge: summaries.jsonl");
        var lines = Golden.Lines("summaries.jsonl").Select(l => JsonDocument.Parse(l).RootElement).ToList();
        string[] predictions = [.. lines.Select(l => l.GetProperty("prediction").GetString()!)],
            references = [.. lines.Select(l => l.GetProperty("reference").GetString()!)];
        foreach (var (metric, variant) in s_variants)
        {
            var expected = golden.GetProperty(name).GetProperty(metric);
            var score = Rouge.Corpus(variant, predictions, references, stemmer);
            Golden.Same(100 * expected.GetProperty("precision").GetDouble(), score.Precision);
            Golden.Same(100 * expected.GetProperty("recall").GetDouble(), score.Recall);
            Golden.Same(100 * expected.GetProperty("f").GetDouble(), score.F);
        }
        double[] first = Golden.Numbers(golden.GetProperty(name + ".first20.rougeL.f"));
        for (int i = 0; i < first.Length; i++)
            Assert.Equal(first[i], Rouge.Sentence(RougeVariant.RougeL, predictions[i], [references[i]], stemmer).F / 100,
                6); // given to six digits
    }

    [Theory]
    [InlineData("plain", false)]
    [InlineData("stemmer", true)]
    public void Several_lines_score_as_in_rouge_score(string name, bool stemmer)
    {
        var golden = Golden.Expected().GetProperty("rouge: several lines");
        string[] predictions = Golden.Strings(golden.GetProperty("predictions")),
            references = Golden.Strings(golden.GetProperty("references"));
        JsonElement[] expected = [.. golden.GetProperty(name).EnumerateArray()];
        Assert.Equal(predictions.Length, expected.Length);
        for (int i = 0; i < predictions.Length; i++)
        {
            foreach (var (metric, variant) in s_variants)
            {
                double[] figures = Golden.Numbers(expected[i].GetProperty(metric)); // precision, recall, F
                var score = Rouge.Sentence(variant, predictions[i], [references[i]], stemmer);
                Golden.Same(100 * figures[0], score.Precision);
                Golden.Same(100 * figures[1], score.Recall);
                Golden.Same(100 * figures[2], score.F);
            }
        }
    }
}
