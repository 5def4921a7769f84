using DiffusionBatch.Cli.Corpus;
using DiffusionBatch.Cli.Demo;

namespace DiffusionBatch.Cli.Tests.Corpus;

public class TextCorpusTests(ExtractedPairs pairs, ExtractedTexts texts) : IClassFixture<ExtractedPairs>, IClassFixture<ExtractedTexts>
{
    [Fact]
    public void Half_are_messages_with_their_translations_half_is_documentation()
    {
        HashSet<string> messages = [.. pairs.All.Select(p => $"{p.Source} => {p.Target}")];
        int found = texts.All.Count(t => messages.Contains(t.Text));
        Assert.InRange(found, pairs.All.Count * 7 / 10, pairs.All.Count - 500);
        Assert.InRange(texts.All.Count, 2 * found - 20, 2 * found + 20);
        Assert.Contains(texts.All, t => t.Text.StartsWith("Gets or sets ", StringComparison.Ordinal));
        Assert.DoesNotContain(texts.All, t => t.Text.Contains('\n') || t.Text.Length == 0);
        Assert.Equal(texts.All.Count, texts.All.Select(t => t.Id).Distinct().Count());
    }

    // By its own means, not those of HeldOutTexts: both sides of all pairs that the demo validates and tests on.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_that_the_demo_holds_out_is_in_them_in_either_language(bool quick)
    {
        DemoSettings settings = quick ? DemoSettings.Quick : new DemoSettings();
        CorpusSplit split =
            CorpusSplit.Of(SatelliteCorpus.Extract(DotnetSdk.Find(), new CorpusOptions("de", "en", MaxWords: settings.MaxWords)));
        string[] heldOut = [.. split.Validation.Concat(split.Test)
            .SelectMany(p => (string[])[MessageText.Key(p.Source), MessageText.Key(p.Target)]).Distinct()];
        Assert.True(heldOut.Length > 500);
        string[] whole = [.. texts.All.SelectMany(t => t.Text.Split(" => ").Append(t.Text)).Select(MessageText.Key)];
        Assert.Empty(heldOut.Intersect(whole));
        // Sentences among others: a text of several words is in no other text.
        string all = string.Concat(texts.All.Select(t => $" {MessageText.Key(t.Text)} |"));
        Assert.DoesNotContain(heldOut.Where(h => h.Split(' ').Length >= HeldOutTexts.FewestWords),
            h => all.Contains($" {h} ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_extraction_gives_the_same_in_the_same_order() =>
        Assert.Equal(texts.All, TextCorpus.Extract(DotnetSdk.Find(), "de", "en"));
}
