using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Training;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Tests.Processes;

public sealed class MaskedLanguageProcessTests
{
    static readonly SpecialTokens Specials = new(0, 1, 2, 3, 39);

    /// <summary>Rows of 200 tokens: <c>&lt;s&gt;</c>, then texts of 9 tokens 4..38 with their <c>&lt;/s&gt;</c>.</summary>
    static EncodedPairs Texts(int rows)
    {
        var texts = new EncodedPairs(201, 0, 2);
        for (int r = 0; r < rows; r++)
            texts.AddSequence($"row {r}", [0, .. Enumerable.Range(0, 200).Select(i => i % 10 == 9 ? 2 : 4 + (i * 7 + r) % 35)]);
        return texts;
    }

    static (PairBatch Batch, NoisedBatch Noised) Noise(ObjectiveSettings settings, bool[]? starts = null, long epoch = 0, int rows = 100)
    {
        var texts = Texts(rows);
        var batch = new PairBatch(texts, [.. Enumerable.Range(0, rows)], 1);
        return (batch, new MaskedLanguageProcess(settings, Specials, 40, starts).Noise(batch, texts, 7, epoch));
    }

    [Theory]
    [InlineData(0.15)]
    [InlineData(0.5)]
    public void The_share_is_chosen_and_of_it_most_is_masked_some_replaced_some_left(double ratio)
    {
        var (batch, noised) = Noise(new ObjectiveSettings { Process = "mlm", Ratio = ratio });
        double all = 100 * 180, chosen = noised.Masked.Length;
        Assert.Equal(ratio, chosen / all, 0.01);
        Assert.All(noised.Masked, i => Assert.False(Specials.Contains((int)batch.Ids[i])));
        Assert.Equal(noised.Masked.Select(i => batch.Ids[i]), noised.Targets);
        double masked = noised.Masked.Count(i => noised.InputIds[i] == 39),
            left = noised.Masked.Count(i => noised.InputIds[i] == batch.Ids[i]);
        Assert.Equal(0.8 + 0.1 / 40, masked / chosen, 0.03);
        Assert.Equal(0.1 + 0.1 / 40, left / chosen, 0.02);
        var untouched = Enumerable.Range(0, batch.Ids.Length).Select(i => (long)i).Except(noised.Masked);
        Assert.All(untouched, i => Assert.Equal(batch.Ids[i], noised.InputIds[i]));
    }

    [Fact]
    public void Whole_words_go_together_and_never_across_a_special_token()
    {
        bool[] starts = [.. Enumerable.Range(0, 40).Select(id => id % 3 == 0)];
        var (batch, noised) = Noise(new ObjectiveSettings { Process = "mlm", Ratio = 0.3, WholeWord = true }, starts);
        var chosen = noised.Masked.ToHashSet();
        Assert.Equal(0.3, chosen.Count / (100 * 180.0), 0.03);
        int words = 0;
        for (int i = 1; i < batch.Ids.Length; i++)
        {
            bool special = Specials.Contains((int)batch.Ids[i]), before = Specials.Contains((int)batch.Ids[i - 1]);
            if (special || before || starts[batch.Ids[i]]) continue;
            words++;
            Assert.Equal(chosen.Contains(i - 1), chosen.Contains(i));
        }
        Assert.True(words > 1000);
    }

    [Fact]
    public void Noise_is_the_sequence_s_own_and_new_in_each_epoch()
    {
        var settings = new ObjectiveSettings { Process = "mlm" };
        var (_, all) = Noise(settings);
        var (_, few) = Noise(settings, rows: 10);
        Assert.Equal(few.InputIds, all.InputIds[..few.InputIds.Length]);
        Assert.NotEqual(few.InputIds, Noise(settings, rows: 10, epoch: 1).Noised.InputIds);
    }

    [Fact]
    public void The_loss_is_the_mean_over_the_chosen()
    {
        using var model = Golden.Small();
        using var scope = NewDisposeScope();
        var texts = new EncodedPairs(20, 0, 2);
        texts.AddSequence("a", [0, 5, 6, 7, 8, 9, 10, 2]);
        var process = new MaskedLanguageProcess(new ObjectiveSettings { Process = "mlm", Ratio = 0.5 }, Specials, 40, null);
        var noised = process.Noise(new PairBatch(texts, [0], 1), texts, 1, 0);
        Assert.InRange(noised.Masked.Length, 1, 5);
        var logits = model.Logits(model.HiddenRows(tensor(noised.InputIds, [1, 8]), ones([1, 8], dtype: @bool), tensor(noised.Masked)));
        Assert.Equal(F.cross_entropy(logits, tensor(noised.Targets)).item<float>(), process.Loss(model, noised, 0)!.item<float>(), 1e-6f);
        var none = process.Noise(new PairBatch(texts, [0], 1), texts, 1, 0) with { Masked = [] };
        Assert.Null(process.Loss(model, none, 0));
    }

    [Fact]
    public void Words_begin_where_a_blank_is_decoded()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var tokenizer = BpeTrainer.Train(["the houses and the houses", "and houses, the"], 280, default);
            bool[] starts = WordStarts.Of(tokenizer);
            int[] ids = tokenizer.Encode("the houses, and");
            // Each word is said to begin once, whatever its pieces are.
            Assert.Equal(3, ids.Count(id => starts[id]));
            // In a trimmed vocabulary that lost the letter "a" too.
            var map = VocabularyTrimmer.Plan([.. Enumerable.Range(0, tokenizer.VocabularySize).Select(id => tokenizer.Decode([id]) != "a")],
                tokenizer.Specials);
            bool[] fewer = WordStarts.Of(new TrimmedTokenizer(tokenizer, map));
            Assert.Equal(map.Kept.Select(id => starts[id]), fewer);
            Assert.All(new[] { tokenizer.Specials.Bos, tokenizer.Specials.Mask }, id => Assert.False(starts[id]));
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
