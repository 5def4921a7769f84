using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Tokenization.SentencePiece;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

/// <summary>Folders that have tokenizer.json alone.</summary>
public sealed class SerializedTokenizerTests
{
    const string WordLevel =
        """{"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0, "a": 1, "b": 2, "ab": 3, ",": 4, "1": 5, "12": 6, "A": 7, "é": 8, "e": 9}}""";

    static ITextTokenizer Open(string json)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", json);
        return TokenizerFolder.Open(folder.Path)!;
    }

    static ITextTokenizer OpenWords(string preTokenizer = "null", string normalizer = "null", string decoder = "null", string rest = "") =>
        Open($$"""{"normalizer": {{normalizer}}, "pre_tokenizer": {{preTokenizer}}, "decoder": {{decoder}}, "model": {{WordLevel}}{{rest}}}""");

    static string Problem(string json) => Assert.Throws<TokenizerException>(() => Open(json)).Message;

    [Fact]
    public void GPT_2_s_gives_the_golden_ids()
    {
        var merges =
            new JsonArray([.. File.ReadLines(SharedData.Require("data/tokenizers/gpt2-merges.txt")).Skip(1).Where(l => l.Length > 0)
                .Select(l => JsonValue.Create(l))]);
        var vocabulary = JsonNode.Parse(File.ReadAllText(SharedData.Require("data/tokenizers/gpt2-vocab.json")))!;
        var tokenizer = Open(new JsonObject
        {
            ["added_tokens"] = JsonNode.Parse("""[{"id": 50256, "content": "<|endoftext|>", "special": true}]"""),
            ["pre_tokenizer"] = JsonNode.Parse("""{"type": "ByteLevel", "add_prefix_space": false}"""),
            ["post_processor"] = JsonNode.Parse("""{"type": "ByteLevel"}"""),
            ["decoder"] = JsonNode.Parse("""{"type": "ByteLevel"}"""),
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = merges },
        }.ToJsonString());
        Golden(tokenizer, "gpt2");
        var random = new Random(3);
        for (int i = 0; i < 300; i++)
        {
            string text = Corpus.AnyText(random);
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
        Assert.Equal((50257, 50256, -1), (tokenizer.VocabularySize, tokenizer.Specials.Eos, tokenizer.Specials.Mask));
    }

    [Fact]
    public void BERT_s_gives_the_golden_ids()
    {
        var vocabulary = new JsonObject();
        int id = 0;
        foreach (string line in File.ReadLines(SharedData.Require("data/tokenizers/bert-base-uncased-vocab.txt"))) vocabulary[line] = id++;
        var added =
            new JsonArray(
                [.. ((string[])["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]).Select(t =>
                    new JsonObject { ["id"] = (int)vocabulary[t]!, ["content"] = t, ["special"] = true })]);
        var tokenizer = Open(new JsonObject
        {
            ["added_tokens"] = added,
            ["normalizer"] =
                JsonNode.Parse(
                    """{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true}"""),
            ["pre_tokenizer"] = JsonNode.Parse("""{"type": "BertPreTokenizer"}"""),
            ["post_processor"] = JsonNode.Parse("""{"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]}"""),
            ["decoder"] = JsonNode.Parse("""{"type": "WordPiece", "prefix": "##", "cleanup": true}"""),
            ["model"] = new JsonObject { ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["vocab"] = vocabulary },
        }.ToJsonString());
        Golden(tokenizer, "bert-base-uncased");
        Assert.Equal("hello world!", tokenizer.Decode(tokenizer.Frame.Around(tokenizer.Encode("Hello World!"))));
    }

    static void Golden(ITextTokenizer tokenizer, string name)
    {
        foreach (var item in PublishedFolder.Golden())
            Assert.Equal(item.GetProperty(name).EnumerateArray().Select(i => i.GetInt32()),
                tokenizer.Frame.Around(tokenizer.Encode(item.GetProperty("text").GetString()!)));
    }

    [Fact]
    public void Unigram_is_read_with_its_rules_specials_and_frame()
    {
        var tokenizer = Open("""
            {"added_tokens": [{"id": 0, "content": "<s>", "special": true}, {"id": 2, "content": "</s>", "special": true}, {"id": 7, "content": "<mask>", "special": true, "lstrip": true}],
             "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "add_prefix_space": true}]},
             "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}],
                                "special_tokens": {"<s>": {"ids": [0]}, "</s>": {"ids": [2]}}},
             "decoder": {"type": "Metaspace", "replacement": "▁"},
             "model": {"type": "Unigram", "unk_id": 1, "vocab": [["<s>", 0], ["<unk>", 0], ["</s>", 0], ["▁", -3], ["a", -2], ["▁ab", -4], ["b", -2.5]]}}
            """);
        Assert.Equal([5, 4, 3, 6], tokenizer.Encode(" aba   ｂ"));
        Assert.Equal([3, 1, 6], tokenizer.Encode("<s>b")); // plain text
        Assert.Equal([0, 2], tokenizer.Frame.Around([]));
        Assert.Equal("ab b", tokenizer.Decode([0, 5, 3, 6, 7, 2]));
        Assert.Equal((8, 7), (tokenizer.VocabularySize, tokenizer.Specials.Mask));
    }

    [Fact]
    public void Unigram_falls_back_to_bytes_where_all_of_a_characters_are_there()
    {
        string Unigram(string options) =>
            $$$"""{"decoder": {"type": "ByteFallback"}, "model": {"type": "Unigram", "unk_id": 0, {{{options}}}"vocab": [["<unk>", 0], ["a", -1], ["<0xC3>", 0], ["<0xA9>", 0], ["<0xC2>", 0]]}}""";
        var bytes = Open(Unigram("\"byte_fallback\": true, "));
        Assert.Equal([1, 2, 3, 1, 0, 2, 3, 0, 1], bytes.Encode("aéa\u0080éxya")); // U+0080 is C2 80
        Assert.Equal("aé", bytes.Decode([1, 2, 3]));
        Assert.Equal([1, 0, 1], Open(Unigram("")).Encode("aééa"));
    }

    [Fact]
    public void Precompiled_rules_are_SentencePieces()
    {
        var model =
            ModelFile.Parser.ParseFrom(File.ReadAllBytes(SharedData.Require("data/tokenizers/xlmr_rebuilt.sentencepiece.bpe.model")));
        string Precompiled(string map) =>
            $$$"""{"normalizer": {"type": "Precompiled", "precompiled_charsmap": "{{{map}}}"}, "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["f", -1], ["i", -1], [" ", -1]]}}""";
        Assert.Equal([1, 2, 3, 1, 1, 2], Open(Precompiled(model.Normalizer.Rules.ToBase64())).Encode("\uFB01\u3000f\u0007\uFF46i"));
        Assert.Equal([1, 2], Open(Precompiled("")).Encode("fi"));
        Assert.Contains("normalizer.precompiled_charsmap: not valid base64", Problem(Precompiled("???")), StringComparison.Ordinal);
        Assert.Contains("normalizer.precompiled_charsmap: the rules are broken", Problem(Precompiled("CAAAAAEC")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Long_words_are_merged_as_short_ones_are()
    {
        var tokenizer =
            Open("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "aa": 2, "ab": 3, "aab": 4, "aaaa": 5}, "merges": ["a a", "a b", "a ab", "aa aa"]}}""");
        (string Left, string Right)[] merges = [("a", "a"), ("a", "b"), ("a", "ab"), ("aa", "aa")];
        string[] tokens = ["a", "b", "aa", "ab", "aab", "aaaa"];
        var random = new Random(41);
        for (int length = 60; length < 260; length++)
        {
            string text = string.Concat(Enumerable.Range(0, length).Select(_ => "aaab"[random.Next(4)]));
            var expected = PlainReferences.Merge(PlainReferences.Characters(text),
                (a, b) => Array.IndexOf(merges, (a, b)) is >= 0 and var rank ? rank : null);
            Assert.Equal(expected.Select(t => Array.IndexOf(tokens, t)), tokenizer.Encode(text));
        }
        Assert.Equal(1 << 18, tokenizer.Encode(new string('a', 1 << 20)).Length);
    }

    [Fact]
    public void A_vocabularys_line_breaks_shift_no_ids()
    {
        var tokenizer =
            Open("""{"pre_tokenizer": {"type": "Split", "pattern": {"String": "\n"}, "behavior": "Isolated"}, "model": {"type": "WordPiece", "unk_token": "u", "vocab": {"u": 0, "\n": 1, "a": 2, "##b": 3}}}""");
        Assert.Equal([2, 1, 2, 3, 1, 0], tokenizer.Encode("a\nab\nc"));
        Assert.Contains("model.max_input_chars_per_word: expected 1 to 10000",
            Problem("""{"model": {"type": "WordPiece", "unk_token": "u", "max_input_chars_per_word": 0, "vocab": {"u": 0}}}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public void BPE_falls_back_to_bytes_and_fuses_what_is_unknown()
    {
        string Bpe(string options) => $$$"""
            {"normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
             "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "BPE", "unk_token": "<unk>", {{{options}}}"vocab": {"<unk>": 0, "▁": 1, "a": 2, "b": 3, "▁a": 4, "<0xC3>": 5, "<0xA9>": 6, "aa": 7}, "merges": [["▁", "a"], "a a"]}}
            """;
        var bytes = Open(Bpe("\"byte_fallback\": true, \"fuse_unk\": true, "));
        Assert.Equal([4, 5, 6, 3, 0, 4, 2], bytes.Encode("aébxyz aa"));
        Assert.Equal("aéb", bytes.Decode(bytes.Encode("aéb")));
        Assert.Equal("\uFFFDa", bytes.Decode([1, 5, 2]));
        Assert.Equal([4, 0, 0, 3], Open(Bpe("")).Encode("axyb"));
        Assert.Equal([4, 0, 3], Open(Bpe("\"fuse_unk\": true, ")).Encode("axyb"));
        Assert.Equal([], bytes.Encode(""));
    }

    [Theory]
    [InlineData("""{"type": "WhitespaceSplit"}""", "a b\tab", new[] { 1, 2, 3 })]
    [InlineData("""{"type": "Whitespace"}""", "a,ab", new[] { 1, 4, 3 })]
    [InlineData("""{"type": "Punctuation"}""", "a,,b", new[] { 1, 4, 4, 2 })]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Digits", "individual_digits": false}]}""",
        "a12 1", new[] { 1, 6, 5 })]
    [InlineData("""{"type": "Digits", "individual_digits": true}""", "a1", new[] { 1, 5 })]
    [InlineData("""{"type": "Split", "pattern": {"String": ","}, "behavior": "Removed", "invert": false}""", "a,b", new[] { 1, 2 })]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "[ab]+"}, "behavior": "Removed", "invert": true}""", "a-ab!", new[] { 1, 3 })]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "b"}, "behavior": "MergedWithPrevious", "invert": false}""", "aba",
        new[] { 3, 1 })]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "a"}, "behavior": "MergedWithNext", "invert": false}""", "bab", new[] { 2, 3 })]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\p{L}"}, "behavior": "Isolated", "invert": false}""", "a𝐀b",
        new[] { 1, 0, 2 })]
    [InlineData("""{"type": "CharDelimiterSplit", "delimiter": "|"}""", "a|b", new[] { 1, 2 })]
    public void Texts_are_split_as_the_file_says(string preTokenizer, string text, int[] ids) =>
        Assert.Equal(ids, OpenWords(preTokenizer).Encode(text));

    [Theory]
    [InlineData("""{"type": "Lowercase"}""", "A", new[] { 1 })]
    [InlineData("""{"type": "NFC"}""", "e\u0301", new[] { 8 })]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}]}""", "é", new[] { 9 })]
    [InlineData("""{"type": "NFKD"}""", "Ａ", new[] { 7 })]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": true}""", " ab ", new[] { 3 })]
    [InlineData("""{"type": "Prepend", "prepend": "a"}""", "b", new[] { 3 })]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "x+"}, "content": "a"}""", "xxb", new[] { 3 })]
    public void Texts_are_normalized_as_the_file_says(string normalizer, string text, int[] ids) =>
        Assert.Equal(ids, OpenWords(normalizer: normalizer).Encode(text));

    [Fact]
    public void Added_tokens_that_are_not_special_are_found_in_texts()
    {
        var tokenizer = OpenWords("""{"type": "WhitespaceSplit"}""",
            rest: """, "added_tokens": [{"id": 10, "content": "<new>", "rstrip": true}, {"id": 11, "content": "<s>", "special": true}]""");
        Assert.Equal([1, 10, 2], tokenizer.Encode("a<new>  b"));
        Assert.Equal([1, 0, 2], tokenizer.Encode("a <s> b"));
        Assert.Equal("a <new> b", tokenizer.Decode([11, 1, 10, 2]));
        using var folder = new TemporaryFolder();
        tokenizer.Save(folder.Path);
        Assert.Equal([1, 10, 2], TokenizerFolder.Open(folder.Path)!.Encode("a<new>b"));
    }

    [Fact]
    public void What_is_not_supported_is_named_with_its_place()
    {
        Assert.Contains("normalizer.normalizers[1]: the normalizer \"Magic\" is not supported",
            Problem($$$"""{"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Magic"}]}, "model": {{{WordLevel}}}}"""), StringComparison.Ordinal);
        Assert.Contains("pre_tokenizer: the pre_tokenizer \"UnicodeScripts\"",
            Problem($$$"""{"pre_tokenizer": {"type": "UnicodeScripts"}, "model": {{{WordLevel}}}}"""), StringComparison.Ordinal);
        Assert.Contains("decoder: the decoder \"CTC\"", Problem($$$"""{"decoder": {"type": "CTC"}, "model": {{{WordLevel}}}}"""),
            StringComparison.Ordinal);
        Assert.Contains("post_processor: the post_processor \"Other\"",
            Problem($$$"""{"post_processor": {"type": "Other"}, "model": {{{WordLevel}}}}"""), StringComparison.Ordinal);
        Assert.Contains("model: the model \"Other\"", Problem("""{"model": {"type": "Other"}}"""), StringComparison.Ordinal);
        Assert.Contains("model.end_of_word_suffix",
            Problem("""{"model": {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": {"a": 0}, "merges": []}}"""),
            StringComparison.Ordinal);
        Assert.Contains("model.merges[0]", Problem("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}}"""),
            StringComparison.Ordinal);
        Assert.Contains("model.vocab", Problem("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}}"""),
            StringComparison.Ordinal);
        Assert.Contains("model.unk_id", Problem("""{"model": {"type": "Unigram", "vocab": [["a", 0]]}}"""), StringComparison.Ordinal);
        Assert.Contains("pattern: the expression is not supported",
            Problem($$$"""{"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated"}, "model": {{{WordLevel}}}}"""), StringComparison.Ordinal);
        Assert.Contains("expected a model", Problem("{}"), StringComparison.Ordinal);
    }
}
