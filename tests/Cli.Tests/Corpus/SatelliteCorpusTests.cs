using DiffusionBatch.Cli.Corpus;

namespace DiffusionBatch.Cli.Tests.Corpus;

public class SatelliteCorpusTests(ExtractedPairs pairs) : IClassFixture<ExtractedPairs>
{
    [Fact]
    public void The_sdk_has_thousands_of_pairs_each_once()
    {
        Assert.InRange(pairs.All.Count, 5_000, 100_000);
        Assert.Equal(pairs.All.Count, pairs.All.Select(p => p.Id).Distinct().Count());
        Assert.Equal(pairs.All.Count, pairs.All.Select(p => (p.Source, p.Target)).Distinct().Count());
    }

    [Fact]
    public void Sources_are_german_and_targets_english()
    {
        static int Having(IEnumerable<string> texts, string word) => texts.Count(t => t.Split(' ').Contains(word));
        Assert.True(Having(pairs.All.Select(p => p.Source), "die") > 20 * Having(pairs.All.Select(p => p.Target), "die"));
        Assert.True(Having(pairs.All.Select(p => p.Target), "the") > 20 * Having(pairs.All.Select(p => p.Source), "the"));
        Assert.True(pairs.All.Count(p => p.Source.Any("äöüß".Contains)) > pairs.All.Count / 4);
    }

    [Fact]
    public void No_side_is_empty_several_lines_or_a_copy_of_the_other()
    {
        Assert.All(pairs.All, p =>
        {
            Assert.False(string.IsNullOrWhiteSpace(p.Source) || string.IsNullOrWhiteSpace(p.Target));
            Assert.DoesNotContain('\n', p.Source + p.Target);
            Assert.NotEqual(p.Source, p.Target, StringComparer.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public void The_bounds_on_words_hold_on_both_sides_and_select_from_the_whole()
    {
        var few = SatelliteCorpus.Extract(DotnetSdk.Find(), new CorpusOptions("de", "en", MinWords: 3, MaxWords: 6));
        Assert.NotEmpty(few);
        Assert.All(few, p => Assert.True(p.Source.Split(' ').Length is >= 3 and <= 6 && p.Target.Split(' ').Length is >= 3 and <= 6));
        Assert.Equal(pairs.All.Where(p => p.Source.Split(' ').Length is >= 3 and <= 6 && p.Target.Split(' ').Length is >= 3 and <= 6), few);
    }

    [Fact]
    public void A_split_loses_nothing_and_shares_no_sentence()
    {
        CorpusSplit split = CorpusSplit.Of(pairs.All);
        Assert.Equal(pairs.All.Order(ById), split.Train.Concat(split.Validation).Concat(split.Test).Order(ById));
        Assert.InRange(split.Test.Count, pairs.All.Count / 40, pairs.All.Count / 10);
        Assert.InRange(split.Validation.Count, pairs.All.Count / 40, pairs.All.Count / 10);
        IReadOnlyList<MessagePair>[] parts = [split.Train, split.Validation, split.Test];
        foreach (Func<MessagePair, string> side in (Func<MessagePair, string>[])[p => MessageText.Key(p.Source),
            p => MessageText.Key(p.Target)])
        {
            HashSet<string>[] keys = [.. parts.Select(part => part.Select(side).ToHashSet())];
            Assert.False(keys[0].Overlaps(keys[1]) || keys[0].Overlaps(keys[2]) || keys[1].Overlaps(keys[2]));
        }
    }

    [Fact]
    public void A_split_does_not_depend_on_the_order_of_the_pairs()
    {
        var forth = CorpusSplit.Of(pairs.All);
        var back = CorpusSplit.Of([.. pairs.All.Reverse()]);
        Assert.Equal(forth.Test.Order(ById), back.Test.Order(ById));
        Assert.Equal(forth.Validation.Order(ById), back.Validation.Order(ById));
    }

    [Fact]
    public void Other_languages_work_in_both_directions()
    {
        var french = SatelliteCorpus.Extract(DotnetSdk.Find(), new CorpusOptions("en", "fr", MaxWords: 5));
        Assert.True(french.Count > 1_000);
        Assert.Contains(french, p => p.Target.Contains('é') && !p.Source.Contains('é'));
        Assert.Contains("pt-BR", DotnetSdk.Find().Languages());
    }

    static readonly Comparer<MessagePair> ById = Comparer<MessagePair>.Create((a, b) => string.CompareOrdinal(a.Id, b.Id));
}
