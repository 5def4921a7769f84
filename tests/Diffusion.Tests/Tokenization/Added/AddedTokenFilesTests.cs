using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Tokenization.Added;

/// <summary>Where added tokens are read from, which file wins, and what is refused.</summary>
public sealed class AddedTokenFilesTests
{
    const string Config = "tokenizer_config.json", Map = "special_tokens_map.json", Serialized = "tokenizer.json",
        Ids = "added_tokens.json";

    public static TheoryData<string> Families => AddedFolder.Families;

    static string Problem(string family, params (string Name, string Content)[] files)
    {
        var e = Assert.Throws<TokenizerException>(() => AddedFolder.Open(family, null, files));
        return Path.GetFileName(e.File) + "|" + e.Problem;
    }

    /// <summary>A tokenizer.json of added tokens; the family's own where that is its only file.</summary>
    static string Tokens(string family, string tokens) => family == Serialized
        ? $$$"""{"added_tokens": {{{tokens}}}, "pre_tokenizer": {"type": "WhitespaceSplit"}, "model": {"type": "WordLevel", "unk_token": "u", "vocab": {"u": 0, "a": 1, "b": 2, "ab": 3} } }"""
        : $$"""{"added_tokens": {{tokens}}}""";

    [Theory, MemberData(nameof(Families))]
    public void All_three_files_together_are_the_added_tokens_and_tokenizer_json_wins(string family)
    {
        var tokenizer = AddedFolder.Open(family, """{"<one>": 900, "<two>": 905, "<old>": 903}""",
            (Config,
                """{"added_tokens_decoder": {"901": {"content": "<two>"}, "902": {"content": "<three>"}, "904": {"content": "<five>", "rstrip": true}}}"""),
            (Serialized,
                Tokens(family,
                    """[{"id": 902, "content": "<drei>"}, {"id": 903, "content": "<four>"}, {"id": 904, "content": "<five>", "rstrip": false, "normalized": true, "special": false}]""")));
        foreach (var (text, id) in ((string, int)[])[("<one>", 900), ("<two>", 901), ("<drei>", 902), ("<four>", 903), ("<five>", 904)])
            Assert.Equal([id], tokenizer.Encode(text));
        foreach (string left in (string[])["<three>", "<old>"]) Assert.DoesNotContain(tokenizer.Encode(left), id => id >= 900);
        Assert.Equal("<drei>", tokenizer.Decode([902]));
        Assert.Equal(905, tokenizer.VocabularySize);
        Assert.Equal([(Ids, 1), (Config, 1), (Serialized, 3)], tokenizer.AddedTokens.Files);
        Assert.Equal([
            "tokenizer.json is taken where tokenizer_config.json disagrees: 902 is \"<drei>\", not \"<three>\"; \"<five>\" has rstrip "
                + "false, not true",
            "tokenizer_config.json is taken where added_tokens.json disagrees: \"<two>\" is 901, not 905",
            "tokenizer.json is taken where added_tokens.json disagrees: 903 is \"<four>\", not \"<old>\""], tokenizer.AddedTokens.Notes);
        Assert.StartsWith("1 of added_tokens.json, 1 of tokenizer_config.json, 3 of tokenizer.json; ", tokenizer.AddedTokens.ToString(),
            StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Families))]
    public void Flags_are_heeded_whichever_file_has_them(string family)
    {
        const string Flags = "\"lstrip\": true, \"rstrip\": true, \"normalized\": false";
        foreach (var file in ((string, string)[])[
            (Config,
                $$$"""{"added_tokens_decoder": {"900": {"content": "<x>", {{{Flags}}}}, "901": {"content": "<w>", "single_word": true} } }"""),
            (Serialized,
                Tokens(family, $$"""[{"id": 900, "content": "<x>", {{Flags}}}, {"id": 901, "content": "<w>", "single_word": true}]"""))])
        {
            var tokenizer = AddedFolder.Open(family, null, file);
            Assert.Equal([900, 900], tokenizer.Encode(" \t<x>  <x>\u3000"));
            Assert.Equal([901, 901], tokenizer.Encode("<w> <w>").Where(id => id >= 900));
            Assert.DoesNotContain(901, tokenizer.Encode("a<w>"));
            Assert.DoesNotContain(901, tokenizer.Encode("<w>_"));
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Special_ones_are_left_out_when_decoding_and_plain_text_but_for_WordPiece(string family)
    {
        foreach (var files in ((string, string)[][])[
            [(Config, """{"added_tokens_decoder": {"900": {"content": "<im>", "special": true}}}""")],
            [(Ids, """{"<im>": 900}"""), (Map, """{"additional_special_tokens": ["<im>"]}""")],
            [(Ids, """{"<im>": 900}"""), (Config, """{"additional_special_tokens": [{"content": "<im>", "lstrip": false}]}""")],
            [(Ids, """{"<im>": 900}"""), (Config, """{"extra_special_tokens": {"image_token": "<im>"}}""")],
            [(Serialized, Tokens(family, """[{"id": 900, "content": "<im>", "special": true}]"""))],
            [(Ids, """{"<im>": 900}"""), (Map, """{"mask_token": "<im>"}""")]])
        {
            var tokenizer = AddedFolder.Open(family, null, files);
            Assert.Equal(family == "bert", tokenizer.Encode("a<im>").Contains(900));
            int[] a = tokenizer.Encode("a");
            Assert.Equal(tokenizer.Decode(a), tokenizer.Decode([.. a, 900]));
            Assert.Equal(901, tokenizer.VocabularySize);
        }
    }

    [Fact]
    public void A_special_token_that_is_found_has_the_flags_of_its_description()
    {
        var tokenizer = AddedFolder.Open("bert", """{"<im>": 900}""",
            (Map, """{"mask_token": {"content": "[MASK]", "lstrip": true, "single_word": false}, "additional_special_tokens": [{"content": "<im>", "rstrip": true}]}"""));
        Assert.Equal([5, 4, 6], tokenizer.Encode("a [MASK]b"));
        Assert.Equal([5, 900, 6], tokenizer.Encode("a<im>  b"));
        Assert.Equal([1, 1, 1], tokenizer.Encode("<IM>")); // special ones keep their case
        Assert.Equal("special_tokens_map.json|additional_special_tokens[1]: the special token \"[E]\" has no id: it is neither in "
            + "vocab.txt nor among the added tokens.",
            Problem("bert", (Ids, """{"<im>": 900}"""), (Map, """{"additional_special_tokens": ["<im>", "[E]"]}""")));
    }

    [Fact]
    public void A_smiles_vocabulary_stays_one_with_added_tokens_of_another_kind()
    {
        var tokenizer = AddedFolder.Open("smiles", """{"<persona>": 10}""");
        Assert.Equal([10, 5, 7, 9, 6, 8], tokenizer.Encode("<persona>C(=N)"));
        Assert.Equal("<persona>C(=N)", tokenizer.Decode([10, 5, 7, 9, 6, 8]));
    }

    [Fact]
    public void Relatives_of_XLM_R_have_the_mask_where_their_files_say()
    {
        var tokenizer = AddedFolder.Open("xlm-roberta", """{"de_DE": 10, "en_XX": 11, "<mask>": 12}""");
        Assert.Equal((12, 13), (tokenizer.Specials.Mask, tokenizer.VocabularySize));
        Assert.Equal([10, 8], tokenizer.Encode("de_DE ab"));
    }

    [Fact]
    public void A_legacy_LLaMA_puts_a_space_before_every_text_and_the_others_before_the_first_alone()
    {
        // Ids: 3 the space, 4 a, 8 a space and a.
        int[] Ids(string? config, string text) =>
            AddedFolder.Open("llama", """{"<x>": 900}""", config is null ? [] : [(Config, config)]).Encode(text);
        Assert.Equal([900, 4], Ids(null, "<x>a"));
        Assert.Equal([900, 8], Ids(null, "<x> a"));
        Assert.Equal([900, 4], Ids("""{"legacy": false}""", "<x>a"));
        Assert.Equal([900, 8], Ids("""{"legacy": true}""", "<x>a"));
        Assert.Equal([8, 900, 3, 8], Ids("""{"legacy": true}""", "a<x> a"));
    }

    [Theory]
    [InlineData(Ids, """{"<x>": "900"}""", "the id of \"<x>\" is \"900\"; expected an integer from 0 to 10,000,000.")]
    [InlineData(Ids, """{"<x>": 900.5}""", "the id of \"<x>\" is 900.5; expected an integer")]
    [InlineData(Ids, """{"<x>": -1}""", "the id of \"<x>\" is -1; expected an integer")]
    [InlineData(Ids, """{"": 900}""", "\"\": expected a token that is not empty")]
    [InlineData(Ids, """{"<x>": 900, "<y>": 900}""", "\"<y>\": the id 900 belongs to two tokens, \"<x>\" and \"<y>\".")]
    [InlineData(Ids, """{"<x>": 900, "<x>": 901}""", "\"<x>\": the token \"<x>\" has two ids, 900 and 901.")]
    [InlineData(Config, """{"added_tokens_decoder": {"x": {"content": "<x>"}}}""",
        "added_tokens_decoder.x: expected an id from 0 to 10,000,000, found \"x\".")]
    [InlineData(Config, """{"added_tokens_decoder": {"-1": {"content": "<x>"}}}""", "added_tokens_decoder.-1: expected an id")]
    [InlineData(Config, """{"added_tokens_decoder": {"900": "<x>"}}""",
        "added_tokens_decoder.900: expected an object with \"content\", found \"<x>\".")]
    [InlineData(Config, """{"added_tokens_decoder": {"900": {"content": ""}}}""",
        "added_tokens_decoder.900.content: expected a string that is not empty, found \"\".")]
    [InlineData(Config, """{"added_tokens_decoder": {"900": {}}}""",
        "added_tokens_decoder.900.content: expected a string that is not empty, found nothing.")]
    [InlineData(Config, """{"added_tokens_decoder": {"900": {"content": "<x>", "lstrip": 1}}}""",
        "added_tokens_decoder.900.lstrip: expected true or false, found 1.")]
    [InlineData(Config, """{"added_tokens_decoder": {"900": {"content": "<x>"}, "900": {"content": "<y>"}}}""",
        "added_tokens_decoder.900: the id 900 belongs to two tokens")]
    [InlineData(Config, """{"added_tokens_decoder": {"900": {"content": "<x>"}, "901": {"content": "<x>"}}}""",
        "added_tokens_decoder.901: the token \"<x>\" has two ids, 900 and 901.")]
    [InlineData(Config, """{"added_tokens_decoder": ["<x>"]}""", "added_tokens_decoder: expected an object of ids, found")]
    [InlineData(Config, """{"additional_special_tokens": "<x>"}""", "additional_special_tokens: expected a list of tokens, found \"<x>\".")]
    [InlineData(Map, """{"additional_special_tokens": ["<x>", 3]}""",
        "additional_special_tokens[1]: expected a string that is not empty, or an object with \"content\", found 3.")]
    [InlineData(Map, """{"additional_special_tokens": [""]}""", "additional_special_tokens[0]: expected a string that is not empty")]
    [InlineData(Map, """{"additional_special_tokens": [{"content": ""}]}""",
        "additional_special_tokens[0].content: expected a string that is not empty")]
    [InlineData(Serialized, """[{"id": "900", "content": "<x>"}]""", "added_tokens[0].id: expected a whole number, found \"900\".")]
    [InlineData(Serialized, """[{"content": "<x>"}]""", "added_tokens[0].id: expected an integer from 0 to 10,000,000, found nothing.")]
    [InlineData(Serialized, """[{"id": 900, "content": ""}]""",
        "added_tokens[0].content: expected a string that is not empty, found \"\".")]
    [InlineData(Serialized, """[{"id": 900, "content": "<x>"}, {"id": 900, "content": "<y>"}]""",
        "added_tokens[1]: the id 900 belongs to two tokens, \"<x>\" and \"<y>\".")]
    [InlineData(Serialized, """[{"id": 900, "content": "<x>"}, {"id": 901, "content": "<x>"}]""",
        "added_tokens[1]: the token \"<x>\" has two ids, 900 and 901.")]
    [InlineData(Serialized, """{"<x>": 900}""", "added_tokens: expected a list, found")]
    public void What_is_broken_is_named_with_file_and_field(string file, string content, string problem)
    {
        foreach (string family in AddedFolder.Families.Select(f => f.Data))
            Assert.StartsWith($"{file}|{problem}", Problem(family, (file, file == Serialized ? Tokens(family, content) : content)),
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt2", 5, "a", "vocab.json")]
    [InlineData("roberta", 5, "a", "vocab.json")]
    [InlineData("xlm-roberta", 5, "a", "sentencepiece.bpe.model")]
    [InlineData("llama", 5, "a", "tokenizer.model")]
    [InlineData("bert", 5, "b", "vocab.txt")]
    [InlineData("smiles", 5, "N", "vocab.txt")]
    [InlineData("tokenizer.json", 1, "b", "tokenizer.json's model")]
    public void An_id_or_a_text_that_is_the_vocabularys_is_refused(string family, int id, string token, string vocabulary)
    {
        string clash = Problem(family, (Ids, $$"""{"<x>": {{id}}}"""));
        Assert.StartsWith($"added_tokens.json|\"<x>\": the id {id} of \"<x>\" is that of \"", clash, StringComparison.Ordinal);
        Assert.EndsWith($"in {vocabulary}; expected an id of its own.", clash, StringComparison.Ordinal);
        Assert.StartsWith($"tokenizer_config.json|added_tokens_decoder.{id}: the id {id} of \"<x>\" is that of \"",
            Problem(family, (Config, $$$"""{"added_tokens_decoder": {"{{{id}}}": {"content": "<x>"} } }""")), StringComparison.Ordinal);
        Assert.StartsWith($"tokenizer.json|added_tokens[0]: the id {id} of \"<x>\" is that of \"",
            Problem(family, (Serialized, Tokens(family, $$"""[{"id": {{id}}, "content": "<x>"}]"""))), StringComparison.Ordinal);
        Assert.StartsWith($"added_tokens.json|\"{token}\": the token \"{token}\" has two ids, ",
            Problem(family, (Ids, $$"""{"{{token}}": 900}""")), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Families))]
    public void A_token_of_the_vocabulary_may_be_listed_with_its_own_id(string family)
    {
        var (token, id) = family switch
        {
            "gpt2" => ("<|endoftext|>", 0),
            "roberta" => ("<mask>", 4),
            "xlm-roberta" => ("<pad>", 1),
            "llama" => ("<s>", 1),
            "tokenizer.json" => ("ab", 3),
            _ => ("[SEP]", 3)
        };
        var tokenizer = AddedFolder.Open(family, $$"""{"{{token}}": {{id}}, "<x>": 900}""");
        Assert.Equal([900], tokenizer.Encode("<x>"));
        if (family == "tokenizer.json") Assert.Equal([1, 3, 2], tokenizer.Encode("aabb")); // found inside a word, since it is an added one
    }

    [Fact]
    public void A_tokenizer_json_that_cannot_be_read_is_named_beside_other_files_as_well()
    {
        Assert.StartsWith("tokenizer.json|malformed JSON", Problem("gpt2", (Serialized, "{\n\"version\": 1,,")), StringComparison.Ordinal);
        Assert.StartsWith("tokenizer.json|expected a JSON object", Problem("gpt2", (Serialized, "[]")), StringComparison.Ordinal);
        Assert.Contains("half a character", Problem("gpt2", (Serialized, """{"added_tokens": [{"id": 900, "content": "\ud800"}]}""")),
            StringComparison.Ordinal);
    }
}
