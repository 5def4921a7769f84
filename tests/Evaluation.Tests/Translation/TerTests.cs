using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Translation;

namespace DiffusionBatch.Evaluation.Tests.Translation;

public sealed class TerTests
{
    [Theory]
    [InlineData("b c d a", "a b c d", 1)] // one shift
    [InlineData("a b c d", "a b c d", 0)]
    [InlineData("a x c d", "a b c d", 1)]
    [InlineData("a b d", "a b c d", 1)]
    [InlineData("a b b c d", "a b c d", 1)]
    [InlineData("e f g h a b c d", "a b c d e f g h", 1)]
    [InlineData("d c b a", "a b c d", 3)]
    [InlineData("", "a b", 2)]
    [InlineData("a b", "", 2)]
    [InlineData("", "", 0)]
    public void Edits_are_counted_with_shifts(string hypothesis, string reference, long edits)
    {
        var score = Ter.Sentence(hypothesis, [reference]);
        Assert.Equal(edits, score.Edits);
        Assert.Equal(reference.Length == 0 ? (edits > 0 ? 100 : 0) : 100.0 * edits / score.ReferenceLength, score.Score, 1e-12);
    }

    [Fact]
    public void The_fewest_edits_count_over_the_average_length()
    {
        var score = Ter.Sentence("a b c", ["a b c d e f", "a b x"]);
        Assert.Equal((1, 4.5), (score.Edits, score.ReferenceLength));
    }

    [Theory]
    [InlineData(12, 15)]
    [InlineData(200, 180)]
    [InlineData(40, 300)]
    public void The_distance_after_a_change_is_that_of_the_changed_words(int words, int wanted)
    {
        var random = new Random(words);
        for (int round = 0; round < 200; round++)
        {
            int[] reference = Words(wanted), before = Words(words);
            if (round % 2 == 0) reference.AsSpan(0, Math.Min(words, wanted) / 2).CopyTo(before); // much in common
            int first = random.Next(words), last = random.Next(first, words) + 1;
            int[] after = [.. before];
            for (int i = first; i < last; i++) after[i] = random.Next(5);
            var one = new TerDistance();
            var other = new TerDistance();
            one.Begin(reference, words);
            one.Align(before);
            other.Begin(reference, words);
            int expected = other.Align(after);
            Assert.Equal(expected, one.After(after, first, last, int.MaxValue / 2));
            Assert.True(one.After(after, first, last, expected - 1) > expected - 1);
        }

        int[] Words(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(5))];
    }

    [Fact]
    public void Options_change_what_a_word_is()
    {
        Assert.Equal(0, Ter.Sentence("Ja, klar!", ["ja , klar !"], new MetricSpec { Name = "ter", Normalized = true }).Score);
        Assert.Equal(0, Ter.Sentence("Ja, klar!", ["ja klar"], new MetricSpec { Name = "ter", NoPunct = true }).Score);
        Assert.Equal(100, Ter.Sentence("JA", ["ja"], new MetricSpec { Name = "ter", CaseSensitive = true }).Score);
        Assert.Equal(1, Ter.Sentence("他喝茶。", ["他喝水。"], new MetricSpec { Name = "ter", Normalized = true, AsianSupport = true }).Edits);
        Assert.Equal(4,
            Ter.Sentence("他喝茶。", ["他喝水。"], new MetricSpec { Name = "ter", Normalized = true, AsianSupport = true }).ReferenceLength);
        Assert.Equal(0, Ter.Sentence("茶。", ["茶"], new MetricSpec { Name = "ter", NoPunct = true, AsianSupport = true }).Score);
        Assert.Equal(0, Ter.Sentence("it's &quot;so&quot;", ["it 's \" so \""], new MetricSpec { Name = "ter", Normalized = true }).Score);
    }

    [Theory]
    [InlineData(400, 3)]
    [InlineData(3, 400)]
    [InlineData(300, 290)]
    public void Long_and_unlike_lengths_end_and_are_bounded(int words, int wanted)
    {
        var random = new Random(words);
        string hypothesis = Text(words), reference = Text(wanted);
        var score = Ter.Sentence(hypothesis, [reference]);
        Assert.InRange(score.Edits, Math.Abs(words - wanted), Math.Max(words, wanted));

        string Text(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => "w" + random.Next(20)));
    }
}
