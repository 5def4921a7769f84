using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Tokenization.SentencePiece;
using Google.Protobuf;

namespace DiffusionBatch.Diffusion.Tests.Tokenization;

public sealed class SentencePieceModelTests
{
    public static TheoryData<int> Cuts => [(int)CutKind.Unigram, (int)CutKind.Bpe];

    [Fact]
    public void Unigram_takes_the_most_likely_cut()
    {
        var tokenizer = SmallModel.Letters(CutKind.Unigram).Open();
        Assert.Equal([7], tokenizer.Encode("ab")); // -5 against ▁ ab -7, ▁a b -7.25, ▁ a b -7.5
        Assert.Equal([7, 6], tokenizer.Encode("abab")); // -9 against ▁ab a b -9.5
        Assert.Equal([8, 7], tokenizer.Encode("  a   ab "));
        Assert.Equal("a ab", tokenizer.Decode([8, 7]));
    }

    [Fact]
    public void Pairs_are_merged_by_score_and_from_the_left()
    {
        var tokenizer = SmallModel.Of(CutKind.Bpe, ("a", -1), ("b", -1), ("ab", -3), ("ba", -2), ("aa", -2)).Open();
        Assert.Equal([3, 6], tokenizer.Encode("aba"));
        Assert.Equal([7, 3], tokenizer.Encode("aaa"));
        Assert.Equal([7, 7, 7, 4], tokenizer.Encode("aaaaaab"));
        Assert.Equal([.. Enumerable.Repeat(7, 300), 3], tokenizer.Encode(new string('a', 601)));
    }

    [Fact]
    public void Letters_that_only_longer_pieces_have_are_merged_to_them()
    {
        var tokenizer = SmallModel.Of(CutKind.Bpe, ("a", -1), ("xy", -2), ("axy", -3)).Open();
        Assert.Equal([5, 4, 0], tokenizer.Encode("axyxyx"));
        Assert.Equal("axyxy", tokenizer.Decode([5, 4]));
    }

    [Fact]
    public void A_merge_to_an_unused_piece_is_taken_apart()
    {
        var model = SmallModel.Of(CutKind.Bpe, ("a", -1), ("b", -1)).With("ab", -2, PieceKind.Unused).With("aba", -3)
            .With("abab", -4, PieceKind.Unused);
        var tokenizer = model.Open();
        Assert.Equal([3, 4], tokenizer.Encode("ab"));
        Assert.Equal([6], tokenizer.Encode("aba"));
        Assert.Equal([3, 4, 3, 4], tokenizer.Encode("abab"));
        Assert.Equal([3, 4], SmallModel.Of(CutKind.Unigram, ("a", -1), ("b", -1)).With("ab", -1, PieceKind.Unused).Open().Encode("ab"));
    }

    [Theory, MemberData(nameof(Cuts))]
    public void A_run_of_what_is_unknown_is_one_id_or_its_bytes(int cut)
    {
        Assert.Equal([3, 0, 4, 0], SmallModel.Letters((CutKind)cut).Open().Encode("xyazz\U0001F642"));
        var model = SmallModel.Letters((CutKind)cut).WithBytes();
        model.Normalizer.SingleSpaces = false;
        var bytes = model.Open();
        int[] ids = bytes.Encode("é a\n");
        Assert.Equal([3, 9 + 0xC3, 9 + 0xA9, 8, 9 + '\n'], ids);
        Assert.Equal("é a\n", bytes.Decode(ids));
        Assert.Equal("\uFFFD", bytes.Decode([9 + 0xC3]));
    }

    [Theory, MemberData(nameof(Cuts))]
    public void Control_pieces_in_a_text_are_text_and_user_defined_ones_stay_whole(int cut)
    {
        var model = SmallModel.Letters((CutKind)cut).With("<x>", 0, PieceKind.UserDefined).With("<", -9).With("s", -9).With(">", -9)
            .With("x", -9).With("<s", -9).With("s>", -9);
        var tokenizer = model.Open();
        Assert.DoesNotContain(1, tokenizer.Encode("<s> </s> a<s>"));
        Assert.Equal([8, 9, 5], tokenizer.Encode("a<x>b"));
        Assert.Equal("a<x>b", tokenizer.Decode([1, 8, 9, 5, 2]));
    }

    [Fact]
    public void User_defined_pieces_are_not_rewritten_and_cost_less_than_what_else_matches()
    {
        // The letters of <x> are as likely as can be, and "ﬁ" would become "fi".
        var model = SmallModel.Of(CutKind.Unigram, ("<", -0.01f), ("x", -0.01f), (">", -0.5f), ("f", -1), ("i", -1))
            .With("<x>", 0, PieceKind.UserDefined).With("\uFB01", 0, PieceKind.UserDefined);
        model.Normalizer.Rules = ModelFile.Parser.ParseFrom(
            File.ReadAllBytes(SharedData.Require("data/tokenizers/xlmr_rebuilt.sentencepiece.bpe.model"))).Normalizer.Rules;
        var tokenizer = model.Open();
        Assert.Equal([8, 3, 4, 9, 6, 7], tokenizer.Encode("<x><x\uFB01fi"));
    }

    [Theory]
    [InlineData(true, true, true, "  a   b ", "\u2581a\u2581b")]
    [InlineData(false, true, true, " a  b", "a\u2581b")]
    [InlineData(true, false, true, " a  ", "\u2581\u2581a\u2581\u2581")]
    [InlineData(true, true, false, " a  b", " a b")]
    [InlineData(true, true, true, "a", "\u2581a")]
    [InlineData(true, true, true, "   ", "")]
    [InlineData(true, false, true, "", "")]
    public void White_space_goes_as_the_model_says(bool add, bool single, bool escape, string text, string normalized) =>
        Assert.Equal(normalized, new PieceNormalizer(new NormalizerSpec { AddSpace = add, SingleSpaces = single, EscapeSpaces = escape },
            rules: null).Normalize(text));

    [Fact]
    public void Half_a_character_is_the_replacement_character()
    {
        using var folder = new TemporaryFolder();
        var llama = PublishedFolder.Open(folder, "llama");
        Assert.Equal(llama.Encode("a\uFFFDb"), llama.Encode("a\uD800b"));
    }

    [Fact]
    public void The_space_may_stand_behind_the_word()
    {
        var model = SmallModel.Of(CutKind.Unigram, ("a\u2581", -1), ("b\u2581", -1));
        model.Normalizer = new NormalizerSpec();
        model.Trainer.SpaceIsSuffix = true;
        Assert.Equal([3, 4], model.Open().Encode("a b"));
        Assert.Equal("a b", model.Open().Decode([3, 4]));
    }

    [Theory]
    [InlineData("a\u0007b\u007F\u0001c", "abc")] // a rule that leaves nothing
    [InlineData("\u0007", "")]
    [InlineData("\u3000\u00A0 x\u200B\u2028y", "x y")]
    [InlineData("e\u0301\u1100\u1161\u11A8\uFDFA",
        "\u00E9\uAC01\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645")]
    public void XLM_Rs_rules_rewrite_characters(string text, string normalized)
    {
        using var folder = new TemporaryFolder();
        var tokenizer = PublishedFolder.Open(folder, "xlm-roberta");
        Assert.Equal(tokenizer.Encode(normalized), tokenizer.Encode(text));
        Assert.Equal(normalized, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Theory, MemberData(nameof(Cuts))]
    public void Models_without_ends_and_with_other_ones_open(int cut)
    {
        var model = SmallModel.Letters((CutKind)cut);
        (model.Trainer.BeginningId, model.Trainer.EndId) = (-1, -1);
        model.With("[CLS]", 0, PieceKind.Control).With("[SEP]", 0, PieceKind.Control).With("[MASK]", 0, PieceKind.Control);
        var tokenizer = model.Open();
        Assert.Equal(new SpecialTokens(9, -1, 10, 0, 11), tokenizer.Specials);
        Assert.Equal(12, tokenizer.VocabularySize);
        Assert.Equal([7], tokenizer.Encode("ab"));
    }

    [Fact]
    public void Broken_models_are_refused_by_name()
    {
        byte[] whole = SmallModel.Letters(CutKind.Unigram).ToByteArray();
        for (int length = 0; length < whole.Length; length++)
        {
            // Cut between two messages it may still be a model.
            if (Record.Exception(() => SmallModel.Open(whole[..length])) is { } e) Assert.IsType<TokenizerException>(e);
        }
        var random = new Random(2);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] spoiled = [.. whole];
            spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            if (Record.Exception(() => SmallModel.Open(spoiled).Encode("ab xy\u0301")) is { } e) Assert.IsType<TokenizerException>(e);
        }
        Assert.Contains("has no pieces", Problem(new ModelFile()), StringComparison.Ordinal);
        Assert.Contains("cuts texts by character", Problem(SmallModel.Letters(CutKind.Character)), StringComparison.Ordinal);
        Assert.Contains("no unknown piece", Problem(new ModelFile().With("a", 0)), StringComparison.Ordinal);
        Assert.Contains("piece 3 is empty", Problem(SmallModel.Of(CutKind.Bpe, ("", 0))), StringComparison.Ordinal);
        var bytes = SmallModel.Letters(CutKind.Bpe);
        bytes.Trainer.ByteFallback = true;
        Assert.Contains("no piece <0x00>", Problem(bytes), StringComparison.Ordinal);
        var rules = SmallModel.Letters(CutKind.Bpe);
        rules.Normalizer.Rules = ByteString.CopyFrom(8, 0, 0, 0, 1, 2);
        Assert.Contains("precompiled_charsmap", Problem(rules), StringComparison.Ordinal);

        static string Problem(ModelFile model)
        {
            var e = Assert.Throws<TokenizerException>(model.Open);
            Assert.EndsWith("tokenizer.model", e.File, StringComparison.Ordinal);
            return e.Problem;
        }
    }

    [Fact]
    public void Of_equal_pieces_the_first_counts()
    {
        foreach (var cut in (CutKind[])[CutKind.Unigram, CutKind.Bpe])
            Assert.Equal([3, 4], SmallModel.Of(cut, ("a", -1), ("b", -1), ("a", -0.5f)).Open().Encode("ab"));
    }
}
