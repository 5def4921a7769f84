using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Embedded.Tokenizers.Tests;

public sealed class BpeTokenizerTests
{
    static readonly Dictionary<string, int> s_letters = new() { ["a"] = 0, ["b"] = 1, ["c"] = 2, ["ab"] = 3, ["bc"] = 4, ["abc"] = 5, ["aa"] = 6, ["?"] = 7 };

    static BpeTokenizer Letters(params string[] merges) => BpeTokenizer.Create(new BpeOptions(s_letters) { Merges = merges, UnknownToken = "?" });

    [Fact]
    public void The_lowest_rank_is_merged_first()
    {
        Assert.Equal([3, 2], Letters("a b", "b c").EncodeToIds("abc"));
        Assert.Equal([0, 4], Letters("b c", "a b").EncodeToIds("abc"));
        Assert.Equal([5], Letters("b c", "a bc").EncodeToIds("abc"));
    }

    [Fact]
    public void The_leftmost_of_equal_ranks_is_merged_first() => Assert.Equal([6, 0], Letters("a a").EncodeToIds("aaa"));

    [Fact]
    public void Scan_and_heap_agree()
    {
        var random = new Random(7);
        foreach (int length in new[] { 90, 96, 97, 300, 5_000 })
        {
            string text = string.Concat(Enumerable.Range(0, length).Select(_ => "abc"[random.Next(3)]));
            var tokenizer = Letters("a b", "a a", "b c", "ab c");
            // Merging in the order of ranks by hand, left to right.
            var symbols = text.Select(c => c.ToString()).ToList();
            bool changed = true;
            while (changed)
            {
                changed = false;
                foreach (var (left, right) in new[] { ("a", "b"), ("a", "a"), ("b", "c"), ("ab", "c") })
                {
                    int at = Enumerable.Range(0, symbols.Count - 1).FirstOrDefault(i => symbols[i] == left && symbols[i + 1] == right, -1);
                    if (at < 0) continue;
                    symbols[at] += right;
                    symbols.RemoveAt(at + 1);
                    changed = true;
                    break;
                }
            }
            Assert.Equal(tokenizer.EncodeToIds(text), symbols.Select(s => s_letters.GetValueOrDefault(s, -1)));
        }
    }

    [Fact]
    public void What_the_vocabulary_lacks_becomes_the_unknown_token_or_nothing()
    {
        Assert.Equal([0, 7, 1], Letters().EncodeToIds("azb"));
        Assert.Equal([0, 1], BpeTokenizer.Create(new BpeOptions(s_letters)).EncodeToIds("azb"));
        Assert.Equal([0, 7], Letters().EncodeToIds("a\U0001D400"));
    }

    [Fact]
    public void Special_tokens_stay_whole_where_the_pre_tokenizer_leaves_them_whole()
    {
        var specials = new Dictionary<string, int> { ["<x>"] = 9 };
        var tokenizer = BpeTokenizer.Create(new BpeOptions(s_letters) { SpecialTokens = specials, PreTokenizer = PreTokenizer.CreateWordOrNonWord(specials), UnknownToken = "?" });
        Assert.Equal([0, 9, 1], tokenizer.EncodeToIds("a<x>b"));
        Assert.Equal("a<x>b", tokenizer.Decode([0, 9, 1]));
        Assert.Equal("ab", tokenizer.Decode([0, 9, 1], considerSpecialTokens: false));
        Assert.Equal(3, tokenizer.CountTokens("a<x>b"));
    }

    [Fact]
    public void A_merge_of_what_is_not_in_the_vocabulary_is_an_error()
    {
        Assert.Contains("'ca'", Assert.Throws<InvalidOperationException>(() => Letters("c a")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Letters("ab"));
        Assert.Throws<InvalidOperationException>(() => BpeTokenizer.Create(new BpeOptions(new Dictionary<string, int>())));
    }

    [Theory]
    [InlineData("it's", "it|'s")]
    [InlineData("Hello  World 12 !?", "Hello| | World| 12| !?")]
    [InlineData("a \n b", "a| \n| b")]
    [InlineData("end  ", "end|  ")]
    public void Roberta_splits_like_gpt2(string text, string pieces) =>
        Assert.Equal(pieces, string.Join('|', RobertaPreTokenizer.Instance.PreTokenize(text).Select(p => text.Substring(p.Offset, p.Length))));
}
