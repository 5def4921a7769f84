using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Evaluation.Text;

namespace DiffusionBatch.Evaluation.Tests.Text;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("13a", "Hello, world.", "Hello , world .")]
    [InlineData("13a", "It cost 1,234.50 (net)!", "It cost 1,234.50 ( net ) !")]
    [InlineData("13a", "2010-2012 well-known x.5 5.x", "2010 - 2012 well-known x . 5 5 . x")]
    [InlineData("13a", "&quot;a&amp;b&quot; &lt;c&gt; <skipped>d", "\" a & b \" < c > d")]
    [InlineData("13a", "end-\nless\nline", "endless line")]
    [InlineData("13a", "...,", ". . . ,")]
    [InlineData("13a", "don't", "don't")]
    [InlineData("intl", "Preis: 5€ „Ja“, 3.5%", "Preis : 5 € „ Ja “ , 3.5%")]
    [InlineData("char", "a b🙂", "a b 🙂")]
    [InlineData("none", "a,b  c", "a,b c")]
    [InlineData("zh", "他在2024年买了iPhone 15。Ok, gut.", "他 在 2024 年 买 了 iPhone 15 。 Ok , gut .")]
    [InlineData("zh", " „Ja“ – 5€ 𠀀𠀁", "„ Ja “ – 5 € 𠀀𠀁")]
    [InlineData("13a", "", "")]
    public void Segments_part_as_in_sacrebleu(string name, string segment, string tokens)
    {
        var text = SegmentTokenizer.Create(EnumText.Parse<BleuTokenization>(name)).Tokenize(segment);
        Assert.Equal(tokens, string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Theory]
    [InlineData(BleuTokenization.Ids)]
    [InlineData(BleuTokenization.Unicode)]
    public void What_is_no_tokenizer_of_sacrebleus_is_refused(BleuTokenization tokenization) =>
        Assert.Contains($"\"{EnumText.Of(tokenization)}\"",
            Assert.Throws<ArgumentException>(() => SegmentTokenizer.Create(tokenization)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ÄÖÜ ẞ", "äöü ß")]
    [InlineData("ΣΑΣ ΟΔΟΣ. Σ", "σας οδος. σ")]
    [InlineData("İ", "i̇")]
    [InlineData("𐐀K", "𐐨k")]
    public void Lower_case_is_pythons(string text, string lower) =>
        Assert.Equal(lower, PythonText.Lower(text, new CharBuffer()).ToString());

    [Fact]
    public void A_trie_keeps_apart_what_hashes_could_not()
    {
        var trie = new NgramTrie();
        for (int round = 0; round < 3; round++)
        {
            trie.Clear();
            var nodes = new HashSet<int>();
            for (int a = 0; a < 60; a++)
                for (int b = 0; b < 60; b++) nodes.Add(trie.Child(trie.Child(NgramTrie.Root, a), b));
            Assert.Equal(3_600, nodes.Count);
            Assert.Equal(1 + 60 + 3_600, trie.Count);
            Assert.Equal(trie.Child(trie.Child(NgramTrie.Root, 7), 8), trie.Child(trie.Child(NgramTrie.Root, 7), 8));
        }
    }
}
