using System.Globalization;
using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Tokenization.Added;

/// <summary>What holds for every family, over random texts.</summary>
public sealed class AddedTokenPropertyTests
{
    static readonly string[] s_tokens = ["<persona>", "<p>", "<p><q>", "\u27E6a b\u27E7", "\u27E6\u65E5\u27E7", "\uD83E\uDD8A",
        "\u27E6a b\u27E7\u27E6"];

    public static TheoryData<string> Families => AddedFolder.Families;

    static (ITextTokenizer Plain, ITextTokenizer Added, int First) Open(string family)
    {
        using var folder = new TemporaryFolder();
        int first = AddedFolder.Write(folder, family);
        var plain = TokenizerFolder.Open(folder.Path)!;
        folder.Write("added_tokens.json",
            JsonSerializer.Serialize(s_tokens.Select((t, i) => (t, i)).ToDictionary(t => t.t, t => first + t.i)));
        return (plain, TokenizerFolder.Open(folder.Path)!, first);
    }

    [Theory, MemberData(nameof(Families))]
    public void A_text_without_added_tokens_has_the_ids_that_it_has_without_them(string family)
    {
        var (plain, added, _) = Open(family);
        var random = new Random(7);
        for (int i = 0; i < 1_000; i++)
        {
            string text = i % 2 == 0
                ? Corpus.AnyText(random)
                : string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => "ab <>pqpersona CN"[random.Next(17)]));
            if (s_tokens.Any(t => text.Contains(t, StringComparison.Ordinal))) continue;
            Assert.Equal(plain.Encode(text), added.Encode(text));
            Assert.Equal(plain.Decode(plain.Encode(text)), added.Decode(added.Encode(text)));
        }
        Assert.Equal(plain.Specials, added.Specials);
        Assert.Equal(plain.Frame.Around([]), added.Frame.Around([]));
    }

    [Theory, MemberData(nameof(Families))]
    public void Every_added_token_alone_is_its_id_and_its_id_the_token(string family)
    {
        var (_, added, first) = Open(family);
        for (int i = 0; i < s_tokens.Length; i++)
        {
            Assert.Equal([first + i], added.Encode(s_tokens[i]));
            Assert.Equal(s_tokens[i], added.Decode([first + i]));
        }
        Assert.Equal(first + s_tokens.Length, added.VocabularySize);
        Assert.Equal([("added_tokens.json", s_tokens.Length)], added.AddedTokens.Files);
    }

    [Theory, MemberData(nameof(Families))]
    public void A_row_of_tokens_and_texts_is_split_at_the_tokens(string family)
    {
        var (plain, added, first) = Open(family);
        var random = new Random(13);
        for (int i = 0; i < 1_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12))
                .Select(_ => random.Next(3) == 0 ? "ab CN"[random.Next(5)].ToString() : s_tokens[random.Next(s_tokens.Length)]));
            int[] ids = added.Encode(text);
            Assert.Equal((text, Text(Longest(text).Select(t => first + t))), (text, Text(ids.Where(id => id >= first))));
            // All that is between them comes back.
            if (family is "gpt2" or "roberta" or "llama") Assert.Equal(text, added.Decode(ids));
        }
        Assert.Equal([.. plain.Encode("a"), first], added.Encode("a<persona>"));

        // From the left, the longest token at each place.
        static IEnumerable<int> Longest(string text)
        {
            for (int at = 0, length; at < text.Length; at += length)
            {
                string? token = s_tokens.Where(t => string.CompareOrdinal(text, at, t, 0, t.Length) == 0).MaxBy(t => t.Length);
                length = token?.Length ?? 1;
                if (token is not null) yield return Array.IndexOf(s_tokens, token);
            }
        }

        static string Text(IEnumerable<int> ids) => string.Join(' ', ids.Select(i => i.ToString(CultureInfo.InvariantCulture)));
    }

    [Theory, MemberData(nameof(GoldenTokenizersTests.Families), MemberType = typeof(GoldenTokenizersTests))]
    public void The_golden_texts_keep_their_ids_beside_added_tokens(string name)
    {
        using var folder = new TemporaryFolder();
        var plain = PublishedFolder.Open(folder, name);
        folder.Write("tokenizer_config.json",
            $$$"""{"added_tokens_decoder": {"{{{plain.VocabularySize}}}": {"content": "⟦x⟧"}, "{{{plain.VocabularySize + 1}}}": {"content": "⟦y⟧", "normalized": false} } }""");
        var added = TokenizerFolder.Open(folder.Path)!;
        foreach (var item in PublishedFolder.Golden())
        {
            string text = item.GetProperty("text").GetString()!;
            Assert.Equal(plain.Encode(text), added.Encode(text));
        }
        var random = new Random(17);
        for (int i = 0; i < 500; i++)
        {
            string text = Corpus.AnyText(random);
            Assert.Equal((text, Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(plain.Encode(text).AsSpan()))),
                (text, Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(added.Encode(text).AsSpan()))));
        }
    }

    [Fact]
    public void Published_vocabularies_split_at_added_tokens()
    {
        foreach (var (name, expected) in ((string, int[])[])[("gpt2", [50257, 23748]), ("llama", [32000, 22172]),
            ("bert-base-uncased", [30522, 7592])])
        {
            using var folder = new TemporaryFolder();
            PublishedFolder.Open(folder, name);
            folder.Write("added_tokens.json", $$"""{"<persona>": {{expected[0]}}}""");
            var tokenizer = TokenizerFolder.Open(folder.Path)!;
            Assert.Equal(expected, tokenizer.Encode("<persona> hello"));
            Assert.Equal("<persona> hello", tokenizer.Decode(expected));
            Assert.Equal(expected[0] + 1, tokenizer.VocabularySize);
        }
        using var xlm = new TemporaryFolder();
        var plain = PublishedFolder.Open(xlm, "xlm-roberta");
        xlm.Write("tokenizer_config.json",
            """{"added_tokens_decoder": {"250001": {"content": "<mask>", "special": true, "lstrip": true}, "250002": {"content": "<persona>"}}}""");
        var added = TokenizerFolder.Open(xlm.Path)!;
        Assert.Equal([250002, .. plain.Encode("hello")], added.Encode("<persona> hello"));
        // Normalized, as it is by default: the space before it stays.
        Assert.Equal([.. plain.Encode("hello"), 6, 250002], added.Encode("hello <persona>"));
        Assert.Equal((250003, 250001), (added.VocabularySize, added.Specials.Mask));
    }
}
