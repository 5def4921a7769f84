using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

public sealed class ByteLevelBpeTokenizerTests
{
    static readonly ITextTokenizer s_trained = BpeTrainer.Train(Corpus.Sentences(400), 340, CancellationToken.None);

    [Fact]
    public void Any_text_comes_back()
    {
        var random = new Random(11);
        for (int i = 0; i < 3_000; i++)
        {
            string text = Corpus.AnyText(random);
            Assert.Equal(text, s_trained.Decode(s_trained.Encode(text)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("  a")]
    [InlineData("\n")]
    [InlineData("<mask> and </s>")]
    [InlineData("𝐀𝐁 𠀋 👩‍👩‍👧 🇩🇪")]
    public void These_texts_come_back(string text) => Assert.Equal(text, s_trained.Decode(s_trained.Encode(text)));

    [Fact]
    public void A_very_long_word_comes_back()
    {
        string text = string.Concat(Enumerable.Repeat("Dateiwert", 2_000));
        Assert.Equal(text, s_trained.Decode(s_trained.Encode(text)));
    }

    [Fact]
    public void A_word_at_the_start_has_the_ids_it_has_elsewhere()
    {
        int[] alone = s_trained.Encode("file");
        Assert.Equal(alone, s_trained.Encode("the file")[^alone.Length..]);
    }

    [Fact]
    public void Special_tokens_in_a_text_are_plain_text_and_are_left_out_when_decoding()
    {
        Assert.DoesNotContain(s_trained.Encode("<mask> <s> </s> <pad> <unk>"), s_trained.Specials.Contains);
        int[] ids = [0, .. s_trained.Encode("the file"), s_trained.Specials.Mask, 2, 1, 1, -5, 99_999];
        Assert.Equal("the file", s_trained.Decode(ids));
    }

    [Fact]
    public void Half_a_character_becomes_the_replacement_character()
    {
        int[] ids = s_trained.Encode("€");
        Assert.Equal("\uFFFD", s_trained.Decode(ids.AsSpan(0, ids.Length - 1)));
    }

    [Fact]
    public void A_saved_folder_loads_with_equal_ids_and_saves_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        s_trained.Save(folder.Path);
        var loaded = TokenizerFolder.Open(folder.Path)!;
        Assert.Equal(s_trained.Specials, loaded.Specials);
        Assert.Equal(s_trained.VocabularySize, loaded.VocabularySize);
        var random = new Random(5);
        foreach (string text in Corpus.Sentences(50, seed: 9).Concat(Enumerable.Range(0, 200).Select(_ => Corpus.AnyText(random))))
            Assert.Equal(s_trained.Encode(text), loaded.Encode(text));

        using var again = new TemporaryFolder();
        loaded.Save(again.Path);
        foreach (string file in Directory.GetFiles(folder.Path))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(again.Path, Path.GetFileName(file))));
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.Path, "tokenizer_config.json")));
        Assert.Equal("RobertaTokenizer", config.RootElement.GetProperty("tokenizer_class").GetString());
        Assert.True(config.RootElement.GetProperty("add_prefix_space").GetBoolean());
    }

    [Fact]
    public void Several_threads_get_the_same_ids()
    {
        var texts = Corpus.Sentences(500, seed: 3).ToArray();
        var expected = texts.Select(s_trained.Encode).ToArray();
        var fresh = BpeTrainer.Train(Corpus.Sentences(400), 340, CancellationToken.None);
        Parallel.For(0, 2_000, i => Assert.Equal(expected[i % 500], fresh.Encode(texts[i % 500])));
    }

    [Fact]
    public void Gpt2_files_give_gpt2s_ids()
    {
        using var folder = new TemporaryFolder();
        File.Copy(SharedData.Require("data/tokenizers/gpt2-vocab.json"), Path.Combine(folder.Path, "vocab.json"));
        File.Copy(SharedData.Require("data/tokenizers/gpt2-merges.txt"), Path.Combine(folder.Path, "merges.txt"));
        var gpt2 = TokenizerFolder.Open(folder.Path)!;
        Assert.Equal(50_257, gpt2.VocabularySize);
        Assert.Equal(new SpecialTokens(50_256, -1, 50_256, -1, -1), gpt2.Specials);

        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("golden/tokenizers/tokenizers.json")));
        int texts = 0;
        foreach (var item in golden.RootElement.EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            int[] expected = [.. item.GetProperty("gpt2").EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(expected, gpt2.Encode(text));
            Assert.Equal(text, gpt2.Decode(expected));
            texts++;
        }
        Assert.Equal(190, texts);
    }
}
