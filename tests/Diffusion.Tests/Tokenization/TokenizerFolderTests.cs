using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

public sealed class TokenizerFolderTests
{
    const string Vocabulary = """{"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "a": 4, "b": 5, "ab": 6, "<mask>": 7}""";

    static string Problem(params (string Name, string Content)[] files)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in files) folder.Write(name, content);
        var e = Assert.Throws<TokenizerException>(() => TokenizerFolder.Open(folder.Path));
        return Path.GetFileName(e.File) + "|" + e.Line + "|" + e.Problem;
    }

    [Fact]
    public void A_folder_without_tokenizer_files_has_none()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        Assert.Null(TokenizerFolder.Open(folder.Path));
    }

    [Fact]
    public void A_missing_half_is_named()
    {
        Assert.StartsWith("merges.txt||the file is missing", Problem(("vocab.json", Vocabulary)), StringComparison.Ordinal);
        Assert.StartsWith("vocab.json||the file is missing", Problem(("merges.txt", "a b\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_files_are_named_with_their_line()
    {
        Assert.StartsWith("vocab.json|2|malformed JSON: '", Problem(("vocab.json", "{\n\"a\": 0,,\n}"), ("merges.txt", "")),
            StringComparison.Ordinal);
        Assert.StartsWith("vocab.json|1|expected a JSON object", Problem(("vocab.json", "[1]"), ("merges.txt", "")),
            StringComparison.Ordinal);
        Assert.Contains("the id of \"a\" is \"x\"", Problem(("vocab.json", """{"a": "x"}"""), ("merges.txt", "")),
            StringComparison.Ordinal);
        Assert.Contains("the id 4 belongs to two tokens, \"a\" and \"b\"",
            Problem(("vocab.json", """{"a": 4, "b": 4}"""), ("merges.txt", "")), StringComparison.Ordinal);
        Assert.Contains("the vocabulary is empty", Problem(("vocab.json", "{}"), ("merges.txt", "")), StringComparison.Ordinal);
        Assert.StartsWith("merges.txt|3|expected two tokens",
            Problem(("vocab.json", Vocabulary), ("merges.txt", "#version: 0.2\na b\na b c\n")), StringComparison.Ordinal);
        Assert.StartsWith("merges.txt|1|the token \"ba\" is not in vocab.json",
            Problem(("vocab.json", Vocabulary), ("merges.txt", "b a\n")), StringComparison.Ordinal);
        Assert.StartsWith("merges.txt|2|the merge \"a b\" is there twice",
            Problem(("vocab.json", Vocabulary), ("merges.txt", "a b\na b\n")), StringComparison.Ordinal);
        Assert.StartsWith("special_tokens_map.json||the mask_token \"<m>\"",
            Problem(("vocab.json", Vocabulary), ("merges.txt", ""), ("special_tokens_map.json", """{"mask_token": "<m>"}""")),
            StringComparison.Ordinal);
        Assert.Contains("expected true or false",
            Problem(("vocab.json", Vocabulary), ("merges.txt", ""), ("tokenizer_config.json", """{"add_prefix_space": 1}""")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault_and_an_empty_file_says_so()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.json", "\uFEFF" + Vocabulary);
        folder.Write("merges.txt", "");
        Assert.NotNull(TokenizerFolder.Open(folder.Path));
        Assert.StartsWith("vocab.json|1|the file is empty", Problem(("vocab.json", " \n"), ("merges.txt", "")), StringComparison.Ordinal);
        Assert.StartsWith("tokenizer.json|3|malformed JSON: the text ends inside an object or a list that is not closed; repair the file",
            Problem(("tokenizer.json", "{\n\"model\": {\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.json", Vocabulary);
        folder.Write("merges.txt", "");
        using var held = new FileStream(Path.Combine(folder.Path, "merges.txt"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var e = Assert.Throws<TokenizerException>(() => TokenizerFolder.Open(folder.Path));
        Assert.EndsWith("merges.txt", e.File, StringComparison.Ordinal);
        Assert.StartsWith("the file can't be read: ", e.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_characters_are_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("merges.txt", "");
        File.WriteAllBytes(Path.Combine(folder.Path, "vocab.json"), [.. "{\n\"a"u8, 0xC3, .. "\": 0}"u8]);
        var e = Assert.Throws<TokenizerException>(() => TokenizerFolder.Open(folder.Path));
        Assert.Equal((2, 3), (e.Line, e.Column));
        Assert.StartsWith("invalid UTF-8: byte 0xC3; repair the file", e.Problem, StringComparison.Ordinal);
        Assert.Contains("half a character", Problem(("vocab.json", """{"\ud800": 0}"""), ("merges.txt", "")), StringComparison.Ordinal);
    }

    [Fact]
    public void Special_tokens_come_from_the_map_the_config_or_their_usual_names()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.json", Vocabulary);
        folder.Write("merges.txt", "a b\n");
        Assert.Equal(new SpecialTokens(0, 1, 2, 3, 7), TokenizerFolder.Open(folder.Path)!.Specials);
        folder.Write("tokenizer_config.json", """{"bos_token": {"content": "</s>"}, "add_prefix_space": false}""");
        folder.Write("added_tokens.json", """{"<new>": 9}""");
        folder.Write("special_tokens_map.json", """{"mask_token": {"content": "<new>", "lstrip": true}}""");
        var tokenizer = TokenizerFolder.Open(folder.Path)!;
        Assert.Equal(new SpecialTokens(2, 1, 2, 3, 9), tokenizer.Specials);
        Assert.Equal(10, tokenizer.VocabularySize);
        Assert.Equal([6], tokenizer.Encode("ab"));
    }
}
