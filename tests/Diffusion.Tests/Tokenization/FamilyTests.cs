using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

public sealed class FamilyTests
{
    const string Words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfile\n##s\n.\n日\n本\nuber\ni\ncafe\nʼ\n";

    static ITextTokenizer Bert(string? config = null)
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", Words);
        if (config is not null) folder.Write("tokenizer_config.json", config);
        return TokenizerFolder.Open(folder.Path)!;
    }

    [Theory]
    [InlineData("The FILES.", new[] { 5, 6, 7, 8 })]
    [InlineData("the\u200B\u0007 f\u00ADile\u0000", new[] { 5, 6 })]
    [InlineData("日本the", new[] { 9, 10, 5 })]
    [InlineData("Über U\u0308BER ÜBER", new[] { 11, 11, 11 })]
    [InlineData("İ i\u0307 I", new[] { 12, 12, 12 })]
    [InlineData("Café\u00A0cafe\u0301\u3000CAFÉ", new[] { 13, 13, 13 })]
    [InlineData("the[MASK]file [mask] [SEP]", new[] { 5, 4, 6, 1, 1, 1, 3 })]
    [InlineData("the\t\r\n\u0085file", new[] { 5, 6 })]
    public void Bert_cleans_splits_and_strips(string text, int[] ids)
    {
        // What the vocabulary lacks stands as one unknown id a word.
        Assert.Equal(ids, Bert().Encode(text));
    }

    [Fact]
    public void A_word_of_more_than_a_hundred_characters_is_unknown()
    {
        Assert.Equal([6, .. Enumerable.Repeat(7, 96)], Bert().Encode("file" + new string('s', 96)));
        Assert.Equal([1], Bert().Encode("file" + new string('s', 97)));
        Assert.Equal([6, 8, 1, 8, 6], Bert().Encode("file." + new string('s', 300) + ".file"));
    }

    [Fact]
    public void Berts_switches_are_the_configs()
    {
        Assert.Equal([1, 6], Bert("""{"do_lower_case": false}""").Encode("The file"));
        Assert.Equal([1, 5], Bert("""{"strip_accents": false}""").Encode("Über The"));
        Assert.Equal([1], Bert("""{"strip_accents": false}""").Encode("café"));
        Assert.Equal([13, 1], Bert("""{"do_lower_case": false, "strip_accents": true}""").Encode("café Über"));
        Assert.Equal([1], Bert("""{"tokenize_chinese_chars": false}""").Encode("日本"));
        // Nothing but white space is split then, and nothing rewritten.
        Assert.Equal([6, 1, 1, 1, 5], Bert("""{"do_basic_tokenize": false}""").Encode(" file\u00A0The file. caf\u00E9\nthe"));
        Assert.Equal([4, 1, 6], Bert("""{"do_basic_tokenize": false, "never_split": ["[MASK]"]}""").Encode("[MASK]the\u200Bfile file"));
        Assert.Contains("\"never_split\" has \"x\"",
            Assert.Throws<TokenizerException>(() => Bert("""{"never_split": ["[MASK]", "x"]}""")).Message, StringComparison.Ordinal);
        Assert.Contains("expected a list of strings", Assert.Throws<TokenizerException>(() => Bert("""{"never_split": "x"}""")).Message,
            StringComparison.Ordinal);
        Assert.Equal("the files.", Bert().Decode([2, 5, 6, 7, 8, 3, 0]));
        Assert.Equal("the files .", Bert("""{"clean_up_tokenization_spaces": false}""").Decode([5, 6, 7, 8]));
        Assert.Equal("the 日 files .", Bert("""{"clean_up_tokenization_spaces": false}""").Decode([5, 9, 6, 7, 8]));
        Assert.Equal([5, 15, 6], Bert("""{"added_tokens_decoder": {"15": {"content": "<new>"}}}""").Encode("the<new>file"));
        Assert.Equal("the <new> file", Bert("""{"added_tokens_decoder": {"15": {"content": "<new>"}}}""").Decode([5, 15, 6]));
        Assert.Equal([5, 15, 5, 1, 6], Bert("""{"added_tokens_decoder": {"15": {"content": "the file"}}}""")
            .Encode("the the file the New file"));
    }

    [Fact]
    public void A_word_that_comes_twice_has_its_last_line_and_the_unknown_token_may_be_an_added_one()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", "[UNK]\nthe\nfile\n\nthe\n##s\nfile\n");
        var tokenizer = TokenizerFolder.Open(folder.Path)!;
        Assert.Equal([4, 6, 5, 0], tokenizer.Encode("the files x"));
        Assert.Equal("the the files", tokenizer.Decode([1, 4, 2, 5]));
        folder.Write("vocab.txt", "the\nfile\n");
        folder.Write("added_tokens.json", """{"[UNK]": 4}""");
        Assert.Equal([0, 4, 1], TokenizerFolder.Open(folder.Path)!.Encode("the x file"));
    }

    [Fact]
    public void Reactions_are_split_by_their_expression()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in (string[])["config.json", "vocab.txt", "special_tokens_map.json", "tokenizer_config.json"])
            folder.Write(file, File.ReadAllText(SharedData.Require("data/models/rxnmapper-albert/" + file)));
        var tokenizer = TokenizerFolder.Open(folder.Path)!;
        using var golden =
            System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("data/models/rxnmapper-albert/golden.json")));
        foreach (var item in golden.RootElement.EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            int[] ids = [.. item.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];
            Assert.Equal(ids, tokenizer.Frame.Around(tokenizer.Encode(text)));
            Assert.Equal(text, tokenizer.Decode(ids));
        }
        Assert.Equal(new SpecialTokens(12, 0, 13, 11, 14), tokenizer.Specials);
        Assert.Equal([11], tokenizer.Encode("[Unknown]"));
        Assert.Equal([], tokenizer.Encode("äöü "));
    }

    [Fact]
    public void A_family_may_be_asked_for()
    {
        using var folder = new TemporaryFolder();
        PublishedFolder.Open(folder, "stories260K");
        var plain = TokenizerFolder.Open(folder.Path, TokenizerFamily.SentencePiece)!;
        var llama = TokenizerFolder.Open(folder.Path, TokenizerFamily.Llama)!;
        var xlmRoberta = TokenizerFolder.Open(folder.Path, TokenizerFamily.XlmRoberta)!;
        Assert.Equal([], plain.Frame.Around([]));
        Assert.Equal([1], llama.Frame.Around([]));
        Assert.Equal([0, 2], xlmRoberta.Frame.Around([]));
        Assert.Equal(plain.Encode("a story").Select(i => i + 1), xlmRoberta.Encode("a story"));
        Assert.Equal("a story", xlmRoberta.Decode(xlmRoberta.Encode("a story")));
        Assert.Contains("no file of the family",
            Assert.Throws<TokenizerException>(() => TokenizerFolder.Open(folder.Path, TokenizerFamily.Bert)).Message,
            StringComparison.Ordinal);
        folder.Write("config.json", """{"model_type": "llama"}""");
        Assert.Equal([1], TokenizerFolder.Open(folder.Path)!.Frame.Before);
        folder.Write("tokenizer_config.json", """{"add_bos_token": false, "add_eos_token": true, "pad_token": "<0x00>"}""");
        Assert.Equal([2], TokenizerFolder.Open(folder.Path)!.Frame.Around([]));
        Assert.Equal(3, TokenizerFolder.Open(folder.Path)!.Specials.Pad);
        folder.Write("tokenizer_config.json", """{"mask_token": "<nowhere>"}""");
        Assert.Contains("<nowhere>", Assert.Throws<TokenizerException>(() => TokenizerFolder.Open(folder.Path)).Message,
            StringComparison.Ordinal);
        folder.Write("added_tokens.json", """{"<nowhere>": 512}""");
        Assert.Equal((512, 513), (TokenizerFolder.Open(folder.Path)!.Specials.Mask, TokenizerFolder.Open(folder.Path)!.VocabularySize));
    }

    [Theory]
    [InlineData("camembert", "stories260K", "sentencepiece.bpe.model")]
    [InlineData("qwen2", "gpt2", null)]
    public void Where_other_files_have_rules_of_their_own_tokenizer_json_alone_is_read(string type, string published, string? name)
    {
        using var folder = new TemporaryFolder();
        PublishedFolder.Open(folder, published);
        if (name is not null) File.Move(Path.Combine(folder.Path, "tokenizer.model"), Path.Combine(folder.Path, name));
        folder.Write("config.json", $$"""{"model_type": "{{type}}"}""");
        var missing = Assert.Throws<TokenizerException>(() => TokenizerFolder.Open(folder.Path));
        Assert.Equal("tokenizer.json", Path.GetFileName(missing.File));
        folder.Write("tokenizer.json", """{"model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0, "a": 1}}}""");
        Assert.Equal([1], TokenizerFolder.Open(folder.Path)!.Encode("a"));
        using var none = new TemporaryFolder();
        none.Write("config.json", $$"""{"model_type": "{{type}}"}""");
        Assert.Null(TokenizerFolder.Open(none.Path));
    }

    [Fact]
    public void Broken_files_are_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("sentencepiece.bpe.model", "none");
        var broken = Assert.Throws<TokenizerException>(() => TokenizerFolder.Open(folder.Path));
        Assert.Equal("sentencepiece.bpe.model", Path.GetFileName(broken.File));
        Assert.StartsWith("the file is no SentencePiece model, or only a part of one: ", broken.Problem, StringComparison.Ordinal);
        using var words = new TemporaryFolder();
        words.Write("vocab.txt", "the\n");
        Assert.Contains("[UNK]", Assert.Throws<TokenizerException>(() => TokenizerFolder.Open(words.Path)).Message,
            StringComparison.Ordinal);
        words.Write("vocab.txt", "");
        Assert.Contains("empty", Assert.Throws<TokenizerException>(() => TokenizerFolder.Open(words.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_trimmed_vocabulary_keeps_its_frame_and_text()
    {
        using var folder = new TemporaryFolder();
        var whole = PublishedFolder.Open(folder, "xlm-roberta");
        int[] ids = whole.Encode("Ein Mann steht auf einer Leiter.");
        var trimmed = new TrimmedTokenizer(whole, new VocabularyMap([0, 1, 2, 3, .. ids.Distinct().Order(), 250001]));
        Assert.Equal("Ein Mann steht auf einer Leiter.", trimmed.Decode(trimmed.Encode("Ein Mann steht auf einer Leiter.")));
        Assert.Equal([0, 2], trimmed.Frame.Around([]));
        Assert.Equal(trimmed.VocabularySize - 1, trimmed.Specials.Mask);
        Assert.Contains(trimmed.Specials.Unk, trimmed.Encode("日本語"));
    }
}
