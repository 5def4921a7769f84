using System.Text;
using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Tokenization.SentencePiece;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

/// <summary>Every family against a plain reference on random texts: runs of a letter, letters, words, spaces, any of Unicode.</summary>
public sealed class ReferenceTests
{
    static ModelFile Published(string path) => ModelFile.Parser.ParseFrom(File.ReadAllBytes(SharedData.Require(path)));

    /// <summary>Runs, words of few letters, sentences, and anything.</summary>
    static string Text(Random random, int length) => random.Next(4) switch
    {
        0 => string.Concat(Enumerable.Range(0, 3)
            .Select(_ => new string("aeiost -=\u65E5"[random.Next(10)], random.Next(1, Math.Max(2, length / 2))))),
        1 => string.Concat(Enumerable.Range(0, length).Select(_ => "aab n"[random.Next(5)])),
        2 => string.Join("  "[..random.Next(1, 3)], Corpus.Sentences(1 + length / 40, random.Next())),
        _ => Corpus.AnyText(random),
    };

    [Theory]
    [InlineData("data/tokenizers/llama_tokenizer.model")]
    [InlineData("data/models/stories260K/tokenizer.model")]
    public void Pairs_of_pieces_are_merged_as_by_hand(string file)
    {
        var model = Published(file);
        var tokenizer = model.Open();
        var pieces = new Dictionary<string, int>();
        for (int id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Kind == PieceKind.Normal) pieces[model.Pieces[id].Text] = id;
        int[] bytes = PieceReader.ByteIds(model);
        var random = new Random(17);
        for (int i = 0; i < 600; i++)
        {
            string text = Text(random, random.Next(2, 200));
            var symbols = PlainReferences.Merge(PlainReferences.Characters(text.Length == 0 ? "" : "\u2581" + text.Replace(' ', '\u2581')),
                (a, b) => pieces.TryGetValue(a + b, out int id) ? -model.Pieces[id].Score : null);
            Assert.Equal(symbols.SelectMany(s => pieces.TryGetValue(s, out int id) ? [id] : Encoding.UTF8.GetBytes(s).Select(b => bytes[b])
                .ToArray()), tokenizer.Encode(text));
        }
    }

    [Fact]
    public void Pairs_of_equal_scores_are_merged_as_by_hand()
    {
        var random = new Random(23);
        for (int round = 0; round < 300; round++)
        {
            var scores = new Dictionary<string, float> { ["a"] = 0, ["b"] = 0 };
            for (int i = 0; i < 12; i++)
                scores[string.Concat(Enumerable.Range(0, random.Next(2, 6)).Select(_ => "ab\u2581"[random.Next(3)]))] = -random.Next(1, 4);
            string[] pieces = [.. scores.Keys];
            var tokenizer = SmallModel.Of(CutKind.Bpe, [.. scores.Select(s => (s.Key, s.Value))]).Open();
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 150)).Select(_ => "aab "[random.Next(4)]));
            var symbols = PlainReferences.Merge(PlainReferences.Characters(text.Replace(' ', '\u2581')),
                (a, b) => scores.TryGetValue(a + b, out float score) ? -score : null);
            Assert.Equal(Fused(symbols.Select(s => scores.ContainsKey(s) ? Array.IndexOf(pieces, s) + 3 : 0)), tokenizer.Encode(text));
        }
    }

    [Fact]
    public void XLM_Rs_cuts_are_a_plain_searchs_up_to_thousands_of_tokens()
    {
        var model = Published("data/tokenizers/xlmr_rebuilt.sentencepiece.bpe.model");
        var tokenizer = model.Open();
        Assert.True(CharacterRules.TryRead(model.Normalizer.Rules.Span, out var rules));
        var normalizer = new PieceNormalizer(model.Normalizer, rules);
        var scores = new Dictionary<string, float>();
        var ids = new Dictionary<string, int>();
        for (int id = 0; id < model.Pieces.Count; id++)
            if (model.Pieces[id].Kind == PieceKind.Normal)
                (scores[model.Pieces[id].Text], ids[model.Pieces[id].Text]) = (model.Pieces[id].Score, id);
        var random = new Random(29);
        foreach (int length in (int[])[.. Enumerable.Repeat(60, 300), .. Enumerable.Repeat(8_000, 4), 60_000])
        {
            // Random letters have many cuts that are nearly equally likely.
            string text = length > 60 ? string.Concat(Enumerable.Range(0, length)
                .Select(_ => "abcdefghijklmnopqrstuvwxyz     "[random.Next(31)])) : Text(random, length);
            var cut = PlainReferences.Likeliest(normalizer.Normalize(text), scores, 17);
            Assert.Equal(
                Fused(cut.Select(p => p is null ? model.Pieces.IndexOf(model.Pieces.First(q => q.Kind == PieceKind.Unknown)) : ids[p])),
                tokenizer.Encode(text));
        }
    }

    [Fact]
    public void Unigram_takes_the_best_of_all_cuts()
    {
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            var scores = new Dictionary<string, float> { ["a"] = -5, ["b"] = -6 };
            for (int i = 0; i < 8; i++) scores[string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => "ab"[random.Next(2)]))] =
                -random.Next(1, 100) / 8f;
            string[] pieces = [.. scores.Keys];
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => "ab"[random.Next(2)]));
            int[] ids = SmallModel.Of(CutKind.Unigram, [.. scores.Select(s => (s.Key, s.Value))]).Open().Encode(text);
            Assert.Equal(text, string.Concat(ids.Select(id => pieces[id - 3])));
            Assert.Equal(Best(text, scores), ids.Sum(id => (double)scores[pieces[id - 3]]));
        }

        static double Best(string text, Dictionary<string, float> scores) => text.Length == 0 ? 0
            : Enumerable.Range(1, text.Length).Where(n => scores.ContainsKey(text[..n]))
                .Max(n => scores[text[..n]] + Best(text[n..], scores));
    }

    [Fact]
    public void Bytes_are_merged_as_by_hand_in_short_words_and_in_long_ones()
    {
        using var folder = new TemporaryFolder();
        var gpt2 = PublishedFolder.Open(folder, "gpt2");
        var ids = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(Path.Combine(folder.Path, "vocab.json")))!;
        var ranks = File.ReadLines(Path.Combine(folder.Path, "merges.txt")).Skip(1).Where(l => l.Length > 0)
            .Select((line, rank) => (line, rank)).ToDictionary(m => m.line, m => m.rank);
        var random = new Random(31);
        for (int i = 0; i < 250; i++)
        {
            string text = i % 2 == 0
                ? Text(random, random.Next(2, 250))
                : "x" + string.Concat(Enumerable.Range(0, random.Next(90, 240))
                    .Select(_ => "aaeilnrst\u00E9\u65E5"[random.Next(i % 11 + 1)])) + " end";
            var expected = new List<int>();
            foreach (var (offset, length) in Gpt2PreTokenizer.Instance.PreTokenize(text))
            {
                var word = Encoding.UTF8.GetBytes(text.Substring(offset, length)).Select(b => ByteAlphabet.CharacterOf(b).ToString());
                expected.AddRange(PlainReferences.Merge(word, (a, b) => ranks.TryGetValue(a + " " + b, out int rank) ? rank : null)
                    .Select(s => ids[s]));
            }
            Assert.Equal(expected, gpt2.Encode(text));
        }
    }

    [Fact]
    public void Words_are_cut_as_by_hand()
    {
        using var folder = new TemporaryFolder();
        var bert = PublishedFolder.Open(folder, "bert-base-uncased");
        string[] lines = File.ReadAllLines(Path.Combine(folder.Path, "vocab.txt"));
        var ids = lines.Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id);
        var random = new Random(37);
        for (int i = 0; i < 500; i++)
        {
            // ASCII, where BERT's rules are one line: small letters, signs stand alone.
            string text = string.Concat(Enumerable.Range(0, random.Next(0, 25)).Select(_ => random.Next(4) switch
            {
                0 => lines[random.Next(1_996, lines.Length)].Replace("##", "", StringComparison.Ordinal) + " ",
                1 => new string((char)random.Next('A', '['), random.Next(1, 110)),
                2 => ((char)random.Next('!', 'A')).ToString(),
                _ => " ",
            }));
            if (text.Any(c => !char.IsAscii(c)) || text.Contains('[', StringComparison.Ordinal)) continue;
            string spaced =
                string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c == ' ' ? char.ToLowerInvariant(c).ToString() : $" {c} "));
            var expected = spaced.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(w => (w.Length > 100 ? null : PlainReferences.Longest(w, ids.Keys)) ?? ["[UNK]"]).Select(t => ids[t]);
            Assert.Equal(expected, bert.Encode(text));
        }
    }

    /// <summary>Runs of the unknown id 0 as one.</summary>
    static IEnumerable<int> Fused(IEnumerable<int> ids)
    {
        int before = -1;
        foreach (int id in ids)
        {
            if (id != 0 || before != 0) yield return id;
            before = id;
        }
    }
}
