using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Embedded.Tokenizers.Tests;

public sealed class SentencePieceTokenizerTests
{
    // Ids: 0 <unk>, 1 <s>, 2 </s>, then what a test adds.
    static ModelFile Start() => new ModelFile().Piece("<unk>", 0, 2).Piece("<s>", 0, 3).Piece("</s>", 0, 3);

    static ModelFile Letters() => Start().Piece("\u2581", -3).Piece("a", -2).Piece("b", -2.5f).Piece("ab", -4).Piece("\u2581ab", -5).Piece("\u2581a", -4.75f);

    static SentencePieceTokenizer Open(ModelFile file, bool bos = false, bool eos = false) => SentencePieceTokenizer.Create(file.Open(), bos, eos);

    [Fact]
    public void Unigram_takes_the_most_likely_cut()
    {
        var tokenizer = Open(Letters().Trainer(1).Normalizer());
        Assert.Equal([7], tokenizer.EncodeToIds("ab")); // -5 against ▁ ab -7, ▁a b -7.25, ▁ a b -7.5
        Assert.Equal([7, 6], tokenizer.EncodeToIds("abab")); // -9 against ▁ab a b -9.5
        Assert.Equal([8, 7], tokenizer.EncodeToIds("  a   ab "));
        Assert.Equal("a ab", tokenizer.Decode([8, 7]));
    }

    [Fact]
    public void Unigram_agrees_with_trying_every_cut()
    {
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            var scores = new Dictionary<string, float> { ["a"] = -5, ["b"] = -6 };
            for (int i = 0; i < 8; i++) scores[string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => "ab"[random.Next(2)]))] = -random.Next(1, 100) / 8f;
            var file = Start();
            string[] pieces = [.. scores.Keys];
            foreach (string piece in pieces) file.Piece(piece, scores[piece]);
            var tokenizer = Open(file.Trainer(1).Normalizer(prefix: false));
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => "ab"[random.Next(2)]));
            var ids = tokenizer.EncodeToIds(text);
            Assert.Equal(text, string.Concat(ids.Select(id => pieces[id - 3])));
            Assert.Equal(Best(text, scores), ids.Sum(id => (double)scores[pieces[id - 3]]));
        }

        static double Best(string text, Dictionary<string, float> scores) => text.Length == 0 ? 0
            : Enumerable.Range(1, text.Length).Where(n => scores.ContainsKey(text[..n])).Max(n => scores[text[..n]] + Best(text[n..], scores));
    }

    [Fact]
    public void Pair_merging_takes_the_best_score_first_then_the_leftmost()
    {
        var tokenizer = Open(Start().Piece("a", -1).Piece("b", -1).Piece("ab", -3).Piece("ba", -2).Piece("aa", -2).Trainer(2).Normalizer(prefix: false));
        Assert.Equal([3, 6], tokenizer.EncodeToIds("aba"));
        Assert.Equal([7, 3], tokenizer.EncodeToIds("aaa"));
        Assert.Equal([7, 4], tokenizer.EncodeToIds("aab"));
    }

    [Fact]
    public void A_merge_to_an_unused_piece_is_taken_apart()
    {
        var tokenizer = Open(Start().Piece("a", -1).Piece("b", -1).Piece("ab", -2, 5).Piece("aba", -3).Trainer(2).Normalizer(prefix: false));
        Assert.Equal([3, 4], tokenizer.EncodeToIds("ab"));
        Assert.Equal([6], tokenizer.EncodeToIds("aba"));
    }

    [Fact]
    public void Runs_of_what_is_unknown_are_one_id_and_bytes_where_there_are_such()
    {
        Assert.Equal([3, 0, 4, 0], Open(Letters().Trainer(1).Normalizer()).EncodeToIds("xyazz\U0001F642"));
        foreach (int type in (int[])[1, 2])
        {
            var file = Letters();
            for (int b = 0; b < 256; b++) file.Piece($"<0x{b:X2}>", 0, 6);
            var bytes = Open(file.Trainer(type, byteFallback: true).Normalizer(removeExtra: false));
            var ids = bytes.EncodeToIds("é a\n");
            Assert.Equal([3, 9 + 0xC3, 9 + 0xA9, 8, 9 + '\n'], ids);
            Assert.Equal("é a\n", bytes.Decode(ids));
            Assert.Equal("\uFFFD", bytes.Decode([9 + 0xC3]));
        }
    }

    [Fact]
    public void Control_pieces_in_a_text_are_text_and_user_defined_ones_stay_whole()
    {
        foreach (int type in (int[])[1, 2])
        {
            var tokenizer = Open(Letters().Piece("<x>", 0, 4).Piece("<", -9).Piece("s", -9).Piece(">", -9).Piece("x", -9).Trainer(type).Normalizer());
            Assert.Equal([3, 10, 11, 12], tokenizer.EncodeToIds("<s>"));
            Assert.Equal([8, 9, 5], tokenizer.EncodeToIds("a<x>b"));
            Assert.Equal("a<x>b", tokenizer.Decode([1, 8, 9, 5, 2]));
        }
    }

    [Fact]
    public void The_ends_are_added_where_wanted_and_written_where_wanted()
    {
        var tokenizer = Open(Letters().Trainer(1).Normalizer(), bos: true, eos: true);
        Assert.Equal([1, 7, 2], tokenizer.EncodeToIds("ab"));
        Assert.Equal([1, 2], tokenizer.EncodeToIds(""));
        Assert.Equal("<s>ab</s>", tokenizer.Decode([1, 7, 2], considerSpecialTokens: true));
        Assert.Equal((1, 2, 0, 9), (tokenizer.BeginningOfSentenceId, tokenizer.EndOfSentenceId, tokenizer.UnknownId, tokenizer.Vocabulary.Count));
        Assert.Equal(7, tokenizer.Vocabulary["\u2581ab"]);
        Assert.Equal([1, 7], LlamaTokenizer.Create(Letters().Trainer(2).Normalizer().Open()).EncodeToIds("ab"));
    }

    [Theory]
    [InlineData(true, true, true, "  a   b ", "\u2581a\u2581b")]
    [InlineData(false, true, true, " a  b", "a\u2581b")]
    [InlineData(true, false, true, " a  ", "\u2581\u2581a\u2581\u2581")]
    [InlineData(true, true, false, " a  b", " a b")]
    [InlineData(true, true, true, "   ", "")]
    [InlineData(true, false, true, "", "")]
    public void White_space_goes_as_the_model_says(bool prefix, bool remove, bool escape, string text, string normalized)
    {
        var normalizer = (SentencePieceNormalizer)Open(Letters().Trainer(1).Normalizer(prefix, remove, escape)).Normalizer!;
        Assert.Equal(normalized, normalizer.Normalize(text));
        Assert.Equal((prefix, remove, escape, false), (normalizer.AddDummyPrefix, normalizer.RemoveExtraWhiteSpaces, normalizer.EscapeWhiteSpaces, normalizer.TreatWhitespaceAsSuffix));
    }

    [Fact]
    public void The_space_may_stand_behind_the_word()
    {
        var tokenizer = Open(Start().Piece("a\u2581", -1).Piece("b\u2581", -1).Trainer(1, suffix: true).Normalizer());
        Assert.Equal([3, 4], tokenizer.EncodeToIds("a b"));
        Assert.Equal("a b", tokenizer.Decode([3, 4]));
    }

    [Fact]
    public void Broken_models_are_refused()
    {
        byte[] whole = Letters().Trainer(1).Normalizer().Open().ToArray();
        for (int length = 0; length < whole.Length; length += 7)
        {
            // Cut between two messages it may still be a model.
            try
            {
                SentencePieceTokenizer.Create(new MemoryStream(whole[..length]));
            }
            catch (InvalidDataException)
            {
            }
        }
        Assert.Throws<InvalidDataException>(() => SentencePieceTokenizer.Create(new MemoryStream([])));
        Assert.Throws<InvalidDataException>(() => SentencePieceTokenizer.Create(new MemoryStream("no model at all"u8.ToArray())));
        Assert.Throws<InvalidDataException>(() => SentencePieceTokenizer.Create(Letters().Trainer(4).Open()));
        Assert.Throws<InvalidDataException>(() => SentencePieceTokenizer.Create(new ModelFile().Piece("a", 0).Trainer(1).Open()));
        Assert.Throws<InvalidDataException>(() => SentencePieceTokenizer.Create(Letters().Trainer(1, byteFallback: true).Open()));
    }

    [Fact]
    public void The_real_models_give_the_golden_ids()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("golden/tokenizers/tokenizers.json")));
        foreach (var (file, name, bos) in new[] { ("data/tokenizers/llama_tokenizer.model", "llama", true), ("data/models/stories260K/tokenizer.model", "stories260K", false) })
        {
            using var stream = File.OpenRead(SharedData.Require(file));
            var tokenizer = SentencePieceTokenizer.Create(stream, addBeginningOfSentence: bos);
            foreach (var item in golden.RootElement.EnumerateArray())
                Assert.Equal(item.GetProperty(name).EnumerateArray().Select(i => i.GetInt32()), tokenizer.EncodeToIds(item.GetProperty("text").GetString()!));
        }
    }

    [Fact]
    public void A_text_of_a_megabyte_takes_no_longer_than_its_length_says()
    {
        foreach (string file in (string[])["data/tokenizers/xlmr_rebuilt.sentencepiece.bpe.model", "data/tokenizers/llama_tokenizer.model"])
        {
            using var stream = File.OpenRead(SharedData.Require(file));
            var tokenizer = SentencePieceTokenizer.Create(stream, false, false);
            foreach (string part in (string[])["a", "wort 日本\U0001F642"])
            {
                var watch = Stopwatch.StartNew();
                string text = string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));
                Assert.NotEmpty(tokenizer.EncodeToIds(text));
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{file}, '{part}': {watch.Elapsed}"); // square time is hours
            }
        }
    }
}
