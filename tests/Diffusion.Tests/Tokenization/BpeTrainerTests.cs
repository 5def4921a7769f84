using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

public sealed class BpeTrainerTests
{
    static ITextTokenizer Train(int size = 320) => BpeTrainer.Train(Corpus.Sentences(400), size, CancellationToken.None);

    [Fact]
    public void Ids_are_robertas()
    {
        var tokenizer = Train();
        Assert.Equal(320, tokenizer.VocabularySize);
        Assert.Equal(new SpecialTokens(0, 1, 2, 3, 319), tokenizer.Specials);
        Assert.All(tokenizer.Encode("the file cannot open"), id => Assert.InRange(id, 4, 318));
    }

    [Fact]
    public void The_most_frequent_pair_is_merged_first_and_ties_go_to_the_first_spelling()
    {
        // " xy" x 3 and "zw" x 3: the pairs "Ġx", "xy" and "zw" all occur 3 times, "Ġz" too; ordinal order: "w.." < "x" < "z" < "Ġ".
        using var folder = new TemporaryFolder();
        BpeTrainer.Train(["xy xy xy", "zw zw zw"], 265, CancellationToken.None).Save(folder.Path);
        Assert.Equal(["#version: 0.2", "x y", "z w", "Ġ xy", "Ġ zw"], File.ReadAllLines(Path.Combine(folder.Path, "merges.txt")));
    }

    [Fact]
    public void Pair_counts_stay_right_through_overlaps()
    {
        // Retrained from scratch by counting anew before every merge.
        string[] texts = ["aaaa aaa aa abab ababab baab aaab", "bbbb abba aabb aab aaaaaaa", "xaxaxax axa"];
        var words = new WordCounter();
        foreach (string text in texts.Concat(texts)) words.Add(text);
        var merger = new PairMerger(words.Words());
        merger.Run(300, CancellationToken.None);

        var split = words.Words().Select(w => (Symbols: w.Bytes.Select(b => ByteAlphabet.CharacterOf(b).ToString()).ToList(), w.Count))
            .ToList();
        foreach (string merge in merger.Merges)
        {
            var counts = new Dictionary<(string, string), long>();
            foreach (var (symbols, count) in split)
                for (int i = 0; i + 1 < symbols.Count; i++)
                    counts[(symbols[i], symbols[i + 1])] = counts.GetValueOrDefault((symbols[i], symbols[i + 1])) + count;
            var best = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key.Item1, StringComparer.Ordinal)
                .ThenBy(c => c.Key.Item2, StringComparer.Ordinal).First();
            Assert.Equal(best.Key.Item1 + " " + best.Key.Item2, merge);
            foreach (var (symbols, _) in split)
            {
                for (int i = 0; i + 1 < symbols.Count; i++)
                {
                    if (symbols[i] != best.Key.Item1 || symbols[i + 1] != best.Key.Item2) continue;
                    symbols[i] += symbols[i + 1];
                    symbols.RemoveAt(i + 1);
                }
            }
        }
        Assert.True(merger.Merges.Count > 10);
    }

    [Fact]
    public void No_piece_is_spelled_in_two_ways()
    {
        // Long random words of two letters: where it would happen, if it could.
        var random = new Random(3);
        var texts = Enumerable.Range(0, 400).Select(_ => string.Concat(Enumerable.Range(0, 14).Select(_ => "ab"[random.Next(2)]))).ToList();
        var words = new WordCounter();
        foreach (string text in texts) words.Add(text);
        var merger = new PairMerger(words.Words());
        merger.Run(2_000, CancellationToken.None);
        Assert.True(merger.Merges.Count > 100);
        Assert.Equal(merger.Pieces.Count, merger.Pieces.Distinct().Count());
        Assert.Equal(merger.Merges.Select(m => m.Replace(" ", "", StringComparison.Ordinal)), merger.Pieces.Skip(256));
        var tokenizer = BpeTrainer.Train(texts, 2_000, CancellationToken.None);
        Assert.All(texts, text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text))));
    }

    [Fact]
    public void The_order_of_the_texts_does_not_matter()
    {
        using var one = new TemporaryFolder();
        using var two = new TemporaryFolder();
        Train().Save(one.Path);
        BpeTrainer.Train(Corpus.Sentences(400).Reverse(), 320, CancellationToken.None).Save(two.Path);
        foreach (string file in Directory.GetFiles(one.Path))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(two.Path, Path.GetFileName(file))));
    }

    [Fact]
    public void Data_that_gives_fewer_pieces_stops_early()
    {
        var tokenizer = BpeTrainer.Train(["ab ab"], 10_000, CancellationToken.None);
        Assert.Equal(BpeTrainer.MinimumVocabularySize + 2, tokenizer.VocabularySize); // "ab", "Ġab"
        Assert.Equal(tokenizer.VocabularySize - 1, tokenizer.Specials.Mask);
        Assert.Equal("\0 \u00FF €", tokenizer.Decode(tokenizer.Encode("\0 \u00FF €")));
    }

    [Fact]
    public void Nothing_to_train_on_leaves_the_bytes()
    {
        Assert.Equal(BpeTrainer.MinimumVocabularySize, BpeTrainer.Train([], 5_000, CancellationToken.None).VocabularySize);
        Assert.Throws<ArgumentOutOfRangeException>(() => BpeTrainer.Train([], 260, CancellationToken.None));
    }

    [Fact]
    public void Cancelling_stops_the_training() =>
        Assert.Throws<OperationCanceledException>(() => BpeTrainer.Train(["a"], 300, new CancellationToken(canceled: true)));
}
