using System.Diagnostics;
using System.Text.Json;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

/// <summary>What the published tokenizers make of 190 texts.</summary>
public sealed class GoldenTokenizersTests
{
    public static TheoryData<string> Families => ["xlm-roberta", "llama", "stories260K", "gpt2", "bert-base-uncased"];

    [Theory, MemberData(nameof(Families))]
    public void Ids_are_the_golden_ones(string name)
    {
        using var folder = new TemporaryFolder();
        var tokenizer = PublishedFolder.Open(folder, name);
        foreach (var item in PublishedFolder.Golden())
        {
            string text = item.GetProperty("text").GetString()!;
            int[] expected = [.. item.GetProperty(name).EnumerateArray().Select(i => i.GetInt32())];
            Assert.Equal(expected, name == "stories260K" ? tokenizer.Encode(text) : tokenizer.Frame.Around(tokenizer.Encode(text)));
            if (item.TryGetProperty(name + ".decoded", out var decoded)) Assert.Equal(decoded.GetString(), tokenizer.Decode(expected));
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void A_saved_folder_gives_the_same_ids(string name)
    {
        using var folder = new TemporaryFolder();
        using var copy = new TemporaryFolder();
        var tokenizer = PublishedFolder.Open(folder, name);
        tokenizer.Save(copy.Path);
        var again = TokenizerFolder.Open(copy.Path)!;
        Assert.Equal((tokenizer.VocabularySize, tokenizer.Specials), (again.VocabularySize, again.Specials));
        var random = new Random(3);
        for (int i = 0; i < 100; i++)
        {
            string text = Corpus.AnyText(random);
            Assert.Equal(tokenizer.Encode(text), again.Encode(text));
        }
    }

    [Fact]
    public void Special_ids_are_the_families()
    {
        using var a = new TemporaryFolder();
        using var b = new TemporaryFolder();
        using var c = new TemporaryFolder();
        var xlmRoberta = PublishedFolder.Open(a, "xlm-roberta");
        Assert.Equal((new SpecialTokens(0, 1, 2, 3, 250001), 250002), (xlmRoberta.Specials, xlmRoberta.VocabularySize));
        var llama = PublishedFolder.Open(b, "llama");
        Assert.Equal((new SpecialTokens(1, -1, 2, 0, -1), 32000), (llama.Specials, llama.VocabularySize));
        var bert = PublishedFolder.Open(c, "bert-base-uncased");
        Assert.Equal((new SpecialTokens(101, 0, 102, 100, 103), 30522), (bert.Specials, bert.VocabularySize));
        Assert.Equal("", xlmRoberta.Decode([0, 1, 2, 3, 250001, 250002, 999_999, -1]));
    }

    [Fact]
    public void What_has_byte_fallback_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        var llama = PublishedFolder.Open(folder, "llama");
        var random = new Random(11);
        for (int i = 0; i < 2_000; i++)
        {
            string text = Corpus.AnyText(random);
            // The one sign that is not its own: how the model writes a space.
            Assert.Equal(text.Replace('\u2581', ' '), llama.Decode(llama.Encode(text)));
        }
    }

    [Fact]
    public void What_is_normalized_once_stays_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var xlmRoberta = PublishedFolder.Open(folder, "xlm-roberta");
        foreach (var item in PublishedFolder.Golden())
        {
            int[] ids = xlmRoberta.Encode(item.GetProperty("text").GetString()!);
            if (!ids.Contains(xlmRoberta.Specials.Unk)) Assert.Equal(ids, xlmRoberta.Encode(xlmRoberta.Decode(ids)));
        }
    }

    [Fact]
    public void A_large_vocabulary_opens_and_encodes_fast()
    {
        using var folder = new TemporaryFolder();
        PublishedFolder.Open(folder, "xlm-roberta"); // compiled and read once
        var watch = Stopwatch.StartNew();
        var tokenizer = TokenizerFolder.Open(folder.Path)!;
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10); // a third of a second where nothing else runs
        string[] texts = [.. PublishedFolder.Golden().Select(i => i.GetProperty("text").GetString()!)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        int tokens = 0;
        for (int i = 0; i < 10_000; i++) tokens += tokenizer.Encode(texts[i % texts.Length]).Length;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(bytes < 40L * tokens, $"{bytes / (double)tokens:F1} bytes a token"); // the two lists of ids, nothing a token
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Theory, MemberData(nameof(Families))]
    public void A_line_of_a_mebibyte_takes_no_longer_than_its_length_says(string name)
    {
        using var folder = new TemporaryFolder();
        var tokenizer = PublishedFolder.Open(folder, name);
        foreach (string part in (string[])["a", "wort \u65E5\u672C\U0001F642 "])
        {
            var watch = Stopwatch.StartNew();
            int[] ids = tokenizer.Encode(string.Concat(Enumerable.Repeat(part, (1 << 20) / part.Length)));
            Assert.NotEmpty(ids);
            Assert.NotNull(tokenizer.Decode(ids));
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30); // about one; in square time it would be hours
        }
    }
}
