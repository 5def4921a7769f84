using System.Text;
using DiffusionBatch.Diffusion.Tokenization.SentencePiece;
using DiffusionBatch.Diffusion.Tokenization.Unicode;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

public sealed class UnicodeNormalizationTests
{
    [Fact]
    public void The_runtimes_own_leaves_texts_as_they_are_here() =>
        // Invariant globalization: why the project has its own. Where this fails, the runtime's may do.
        Assert.Equal("\u00E9", "\u00E9".Normalize(NormalizationForm.FormD));

    [Theory]
    [InlineData("\u00E9", "\u00E9", "e\u0301", "\u00E9", "e\u0301")]
    [InlineData("e\u0301", "\u00E9", "e\u0301", "\u00E9", "e\u0301")]
    [InlineData("\uFB01\u00BD", "\uFB01\u00BD", "\uFB01\u00BD", "fi1\u20442", "fi1\u20442")]
    [InlineData("\uAC01", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("a\u0301\u0323", "\u1EA1\u0301", "a\u0323\u0301", "\u1EA1\u0301", "a\u0323\u0301")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323", "\u017F\u0323\u0307", "\u1E69", "s\u0323\u0307")]
    [InlineData("\u212B\u2126", "\u00C5\u03A9", "A\u030A\u03A9", "\u00C5\u03A9", "A\u030A\u03A9")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")] // not composed again
    [InlineData("\u0344", "\u0308\u0301", "\u0308\u0301", "\u0308\u0301", "\u0308\u0301")]
    [InlineData("\U0001D400", "\U0001D400", "\U0001D400", "A", "A")]
    public void The_four_forms(string text, string nfc, string nfd, string nfkc, string nfkd)
    {
        Assert.Equal(nfc, UnicodeNormalization.Apply(text, UnicodeForm.Nfc));
        Assert.Equal(nfd, UnicodeNormalization.Apply(text, UnicodeForm.Nfd));
        Assert.Equal(nfkc, UnicodeNormalization.Apply(text, UnicodeForm.Nfkc));
        Assert.Equal(nfkd, UnicodeNormalization.Apply(text, UnicodeForm.Nfkd));
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        Assert.Equal("\uFFFDx", UnicodeNormalization.Apply("\uD800x", UnicodeForm.Nfd));

    [Fact]
    public void Forms_of_forms_are_as_the_standard_says()
    {
        var random = new Random(9);
        for (int i = 0; i < 2_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, 12).Select(_ => char.ConvertFromUtf32(random.Next(7) switch
            {
                0 => random.Next(0x300, 0x370),
                1 => random.Next(0xA0, 0x250),
                2 => random.Next(0x1100, 0x1200),
                3 => random.Next(0xAC00, 0xD7A4),
                4 => random.Next(0x900, 0xE80),
                5 => random.Next(0xF900, 0x10000),
                _ => random.Next(0x1D400, 0x1D800),
            })));
            string nfd = UnicodeNormalization.Apply(text, UnicodeForm.Nfd), nfkd = UnicodeNormalization.Apply(text, UnicodeForm.Nfkd);
            Assert.Equal(nfd, UnicodeNormalization.Apply(nfd, UnicodeForm.Nfd));
            Assert.Equal(nfd, UnicodeNormalization.Apply(UnicodeNormalization.Apply(text, UnicodeForm.Nfc), UnicodeForm.Nfd));
            Assert.Equal(nfkd, UnicodeNormalization.Apply(nfd, UnicodeForm.Nfkd));
            Assert.Equal(nfkd, UnicodeNormalization.Apply(UnicodeNormalization.Apply(text, UnicodeForm.Nfkc), UnicodeForm.Nfkd));
        }
    }

    [Fact]
    public void Every_character_is_what_XLM_Rs_rules_make_of_it()
    {
        var model =
            ModelFile.Parser.ParseFrom(File.ReadAllBytes(SharedData.Require("data/tokenizers/xlmr_rebuilt.sentencepiece.bpe.model")));
        Assert.True(CharacterRules.TryRead(model.Normalizer.Rules.Span, out var read));
        var rules = PieceNormalizer.Of(read);
        int compared = 0, other = 0;
        for (int scalar = 0xA1; scalar < 0x2FA20; scalar++)
        {
            if (scalar is >= 0xD800 and <= 0xDFFF) continue;
            string text = char.ConvertFromUtf32(scalar), own = UnicodeNormalization.Apply(text, UnicodeForm.Nfkc);
            if (own == text || own.Contains(' ')) continue;
            compared++;
            if (rules.Normalize(text) != own) other++;
        }
        // The rules are NFKC of an older Unicode with a few of their own (white space, dashes that stay, U+FF5E).
        Assert.InRange(compared, 4_000, 10_000);
        Assert.InRange(other, 0, compared / 20);
    }
}
