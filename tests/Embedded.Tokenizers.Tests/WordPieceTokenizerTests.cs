using System.Text;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Embedded.Tokenizers.Tests;

public sealed class WordPieceTokenizerTests
{
    static WordPieceTokenizer Open(WordPieceOptions? options = null) =>
        WordPieceTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes("[UNK]\nun\n##aff\n##able\nunab\n##le\n[X]\n##x\n")), options);

    [Fact]
    public void The_longest_token_is_taken_from_the_left()
    {
        Assert.Equal([1, 2, 3], Open().EncodeToIds("unaffable"));
        Assert.Equal([4, 5, 1], Open().EncodeToIds("unable un"));
        Assert.Equal("unaffable un", Open().Decode([1, 2, 3, 1]));
    }

    [Fact]
    public void A_word_that_cannot_be_made_is_unknown_as_a_whole()
    {
        Assert.Equal([0, 1], Open().EncodeToIds("unaffz un"));
        string longest = "un" + new string('x', 98);
        Assert.Equal(99, Open().EncodeToIds(longest).Count);
        Assert.Equal([0], Open().EncodeToIds(longest + "x"));
        Assert.Equal(100, Open(new() { MaxInputCharsPerWord = 101 }).CountTokens(longest + "x"));
    }

    [Fact]
    public void Special_tokens_stay_whole_where_the_pre_tokenizer_leaves_them()
    {
        var specials = new Dictionary<string, int> { ["<new>"] = 9 };
        var tokenizer = Open(new() { SpecialTokens = specials, PreTokenizer = PreTokenizer.CreateWhiteSpace(specials) });
        Assert.Equal([1, 9, 4], tokenizer.EncodeToIds("un<new>unab"));
        Assert.Equal("un <new>", tokenizer.Decode([1, 9]));
        Assert.Equal("un", tokenizer.Decode([1, 9], skipSpecialTokens: true));
    }

    [Fact]
    public void The_options_are_what_the_tokenizer_says()
    {
        var tokenizer = Open(new() { UnknownToken = "[X]", ContinuingSubwordPrefix = "##" });
        Assert.Equal([6], tokenizer.EncodeToIds("zz"));
        Assert.Equal((6, "[X]", "##", 100), (tokenizer.UnknownTokenId, tokenizer.UnknownToken, tokenizer.ContinuingSubwordPrefix, tokenizer.MaxInputCharsPerWord));
        Assert.Throws<ArgumentException>(() => Open(new() { UnknownToken = "<unk>" }));
    }
}
